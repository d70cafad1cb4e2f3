using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>
/// The rows of the FIFO ABI: their numbers, and which text fits. What is done in both ABIs has one number: 3.5 sets the
/// pending bit, 3.8 raises the flag; what FIFO does instead of the selector is 3.7.1 and so on.
/// </summary>
internal static class FifoWords
{
    private static readonly string[] Raise =
    [
        "find_word", "lock", "set_pending", "test_mask", "set_linked", "load_tail", "link_tail", "set_busy",
        "clear_busy", "store_head", "unlock", "set_ready", "set_upcall", "wake",
    ];

    private static readonly string[] RaiseNumbers =
    [
        "4.1", "4.2", "5", "6", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "7.8", "8", "9",
    ];

    private static readonly string[] Handler =
        ["upcall", "lower", "take_ready", "load_head", "unlink", "test", "clear", "take_again", "return"];

    private static readonly string[] HandlerNumbers = ["1", "2", "3", "4.1", "4.2", "5", "6"];

    /// <summary>Adds the numbers.</summary>
    /// <param name="add">Takes rows that count on.</param>
    /// <param name="one">Takes one row with its number.</param>
    public static void Add(StepNumbers.Adder add, Action<string, Phase, string> one)
    {
        for (var i = 0; i < Raise.Length; i++)
        {
            one("fifo_raise." + Raise[i], Phase.Submit, "3." + RaiseNumbers[i]);
            one("fifo_raise." + Raise[i], Phase.Answer, "6." + RaiseNumbers[i]);
        }

        for (var i = 0; i < HandlerNumbers.Length; i++)
        {
            one("driver_fifo_upcall." + Handler[i], Phase.Serve, "4." + HandlerNumbers[i]);
            one("guest_fifo_upcall." + Handler[i], Phase.Complete, "7." + HandlerNumbers[i]);
        }

        one("driver_fifo_upcall.take_again", Phase.Serve, "W.2.1");
        one("driver_fifo_upcall.return", Phase.Serve, "W.2");
        one("guest_fifo_upcall.take_again", Phase.Complete, "W.6.1");
        one("guest_fifo_upcall.return", Phase.Complete, "W.6");
        add("fifo_raise", Phase.Device, "5.4", 1, Raise);
        add("driver_fifo_upcall", Phase.Device, "W.4", 1, Handler);
        add("guest_unmask", Phase.Connect, "C.6", 1, "open", "call");
        add("fifo_raise", Phase.Connect, "C.9", 1, Raise);
        add("driver_unmask", Phase.Connect, "C.9", 15, "open", "call");
        add("evtchn_unmask", Phase.Connect, "C.9", 17, "clear_masked", "test_pending", "done");
        add("driver_fifo_upcall", Phase.Connect, "C.9", 20, Handler);
    }

    /// <summary>True for a row that delivers or takes events in the FIFO ABI, in a run whose domains have it.</summary>
    /// <param name="machine">The machine.</param>
    public static bool Speaks(Machine machine) => machine.Find(Scenarios.World.Driver) is { Events.IsFifo: true };

    /// <summary>The number under which the text of such a row stands, or null for other rows.</summary>
    public static string? KeyOf(string listing, string label) => listing switch
    {
        "fifo_raise" => "3." + RaiseNumbers[Array.IndexOf(Raise, label)],
        "driver_fifo_upcall" when label is "upcall" or "lower" => label == "upcall" ? "4.1" : "4.2",
        "guest_fifo_upcall" when label is "upcall" or "lower" => label == "upcall" ? "7.1" : "7.2",
        "guest_fifo_upcall" when label is "clear" or "return" => label == "clear" ? "7.6" : "W.6",
        "driver_fifo_upcall" or "guest_fifo_upcall" => label switch
        {
            "take_ready" => "4.3", "load_head" => "4.4.1", "unlink" => "4.4.2", "test" => "4.5", "clear" => "4.6",
            "take_again" => "W.2.1", _ => "W.2",
        },
        _ => null,
    };

    /// <summary>The values of such a row.</summary>
    public static void AddTokens(Dictionary<string, string> tokens, PlayedRow row)
    {
        foreach (var noted in row.Events.OfType<MachineEvent.Noted>())
        {
            if (noted.Name is "queue" or "tail" or "next")
            {
                tokens[noted.Name] = noted.Value.ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>The variants of a text, those of FIFO before the others.</summary>
    public static IEnumerable<string> Variants(IEnumerable<string> usual, string? outcome) =>
        usual.Prepend(outcome is null ? "fifo" : $"fifo.{outcome}");
}
