using XenViz.Core.Commands;

namespace XenViz.Server.Sessions;

/// <summary>
/// How many commands one connection may still send: a bucket of tokens that fills with time. Used by one caller after
/// the other, or by several: a lock keeps the count.
/// </summary>
internal sealed class CommandBudget(SessionLimits options, TimeProvider time)
{
    /// <summary>What making a session costs in commands: it fills memory and storage.</summary>
    public const double CreateCost = 10;

    private readonly Lock gate = new();
    private double tokens = options.CommandBurst;
    private long filled = time.GetTimestamp();

    /// <summary>What a command costs: those that play whole runs on the clock, or may, cost as much as a session.
    /// </summary>
    public static double CostOf(CommandDto? command) =>
        command?.Kind is "playClock" or "setPrice" or "resetPrices" ? CreateCost : 1;

    /// <summary>Takes the tokens for one call.</summary>
    /// <returns>Null, or the refusal when there are too few: then none is taken.</returns>
    public CommandError? Take(double cost = 1)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var gained = time.GetElapsedTime(filled, now).TotalSeconds * options.CommandsPerSecond;
            tokens = Math.Min(options.CommandBurst, tokens + gained);
            filled = now;
            if (tokens < cost)
            {
                return CommandErrors.Make(
                    CommandErrors.TooManyCommands, "", "TooManyCommands", options.CommandsPerSecond);
            }

            tokens -= cost;
            return null;
        }
    }
}
