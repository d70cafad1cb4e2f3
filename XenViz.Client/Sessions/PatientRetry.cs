using Microsoft.AspNetCore.SignalR.Client;

namespace XenViz.Client.Sessions;

/// <summary>Tries again for ever: a laptop that was closed over night finds its session in the morning.</summary>
internal sealed class PatientRetry : IRetryPolicy
{
    private static readonly TimeSpan[] First =
    [
        TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2),
    ];

    public TimeSpan? NextRetryDelay(RetryContext retryContext) =>
        retryContext.PreviousRetryCount < First.Length
            ? First[retryContext.PreviousRetryCount]
            : TimeSpan.FromSeconds(5);
}
