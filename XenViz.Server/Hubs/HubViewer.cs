using System.Threading.Channels;
using XenViz.Server.Sessions;

namespace XenViz.Server.Hubs;

/// <summary>
/// One viewer over the hub. Its own loop waits until the last frame is on the wire and then takes the newest there
/// is, so a slow connection delays nobody else and nothing queues up: what is kept is one note that there is news.
/// </summary>
internal sealed class HubViewer : IAsyncDisposable
{
    private readonly Channel<bool> news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly SessionChannels.Lease lease;
    private readonly IMachineClient client;
    private readonly ILogger logger;
    private readonly CancellationTokenSource end;
    private readonly IDisposable watch;
    private readonly Task sending;
    private int again = 1;

    /// <summary>Starts sending, the whole view first.</summary>
    public HubViewer(
        string session, SessionChannels.Lease lease, IMachineClient client, ILogger logger, CancellationToken gone)
    {
        Session = session;
        (this.lease, this.client, this.logger) = (lease, client, logger);
        end = CancellationTokenSource.CreateLinkedTokenSource(gone);
        watch = lease.Channel.Watch(Tell);
        Tell();
        sending = Task.Run(SendAsync, CancellationToken.None);
    }

    /// <summary>The session looked at.</summary>
    public string Session { get; }

    /// <summary>The number of its newest frame.</summary>
    public long Sequence => lease.Channel.Sequence;

    /// <summary>Makes the next frame a whole one and sends it even when nothing is new.</summary>
    public void Again()
    {
        Volatile.Write(ref again, 1);
        Tell();
    }

    /// <summary>Ends the sending and waits for it, so that no frame of this session comes after one of the next. A send
    /// that hangs ends with the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        watch.Dispose();
        await end.CancelAsync();
        news.Writer.TryComplete();
        await sending;
        lease.Dispose();
        end.Dispose();
    }

    private void Tell() => news.Writer.TryWrite(true);

    private async Task SendAsync()
    {
        try
        {
            var seen = 0L;
            while (await news.Reader.WaitToReadAsync(end.Token) && news.Reader.TryRead(out _))
            {
                var whole = Interlocked.Exchange(ref again, 0) == 1;
                if (lease.Channel.Latest is { } frame && (whole || frame.View.Sequence != seen))
                {
                    var message = frame.MessageAfter(whole ? 0 : seen);
                    end.Token.ThrowIfCancellationRequested();
                    await client.Frame(message);
                    seen = message.Sequence;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The viewer left.
        }
#pragma warning disable CA1031 // One viewer's trouble is its own; it sees a gap and asks again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.LogWarning(fault, "A viewer of session {Session} gets no more frames.", Session);
        }
    }
}
