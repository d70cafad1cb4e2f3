using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Projection;

namespace XenViz.Client.Resources;

/// <summary>Words that depend on a value: lanes, steps, accesses, and texts with places to fill in.</summary>
internal static class Words
{
    /// <summary>Fills the places of a text: <c>Texts.Share.With("4.2")</c>.</summary>
    public static string With(this string text, params object?[] values) =>
        string.Format(CultureInfo.InvariantCulture, text, values);

    /// <summary>The name of a lane, the driver's own name where it has one.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="device"><c>disk</c> or <c>network</c> (<see cref="StageView.Device"/>).</param>
    public static string Lane(Actor lane, string device = "disk") => lane switch
    {
        Actor.Frontend when device == "network" => Texts.Lane_Netfront,
        Actor.Backend when device == "network" => Texts.Lane_Netback,
        Actor.Device when device == "network" => Texts.Lane_Card,
        Actor.Application => Texts.Lane_Application,
        Actor.Frontend => Texts.Lane_Frontend,
        Actor.Xen => Texts.Lane_Xen,
        Actor.Backend => Texts.Lane_Backend,
        Actor.Device => Texts.Lane_Device,
        _ => Texts.Lane_Toolstack,
    };

    /// <summary>The name of one of several lanes.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="device"><c>disk</c> or <c>network</c> (<see cref="StageView.Device"/>).</param>
    public static string Lane(LaneView lane, string device = "disk") =>
        lane.Clock ? Texts.Lane_Clock
        : lane.Guest is { } guest ? Texts.Lane_Guest.With(guest, Lane(lane.Lane, device))
        : lane.Queue is { } queue ? Texts.Lane_Queue.With(Lane(lane.Lane, device), queue)
        : Lane(lane.Lane, device);

    /// <summary>The one word for a step of the figure, 1 to 7; 0 is connecting.</summary>
    public static string Step(int step) => step switch
    {
        1 => Texts.Step_1,
        2 => Texts.Step_2,
        3 => Texts.Step_3,
        4 => Texts.Step_4,
        5 => Texts.Step_5,
        6 => Texts.Step_6,
        7 => Texts.Step_7,
        _ => Texts.Step_0,
    };

    /// <summary>The name of a kind of access.</summary>
    public static string Kind(AccessKind kind) => kind switch
    {
        AccessKind.Load => PanelTexts.Kind_Load,
        AccessKind.Store => PanelTexts.Kind_Store,
        AccessKind.Atomic => PanelTexts.Kind_Atomic,
        AccessKind.Fence => PanelTexts.Kind_Fence,
        AccessKind.Hypercall => PanelTexts.Kind_Hypercall,
        AccessKind.Dma => PanelTexts.Kind_Dma,
        AccessKind.Notify => PanelTexts.Kind_Notify,
        AccessKind.XenStore => PanelTexts.Kind_XenStore,
        _ => PanelTexts.Kind_Private,
    };

    /// <summary>What a slot's state (<see cref="SlotView.State"/>) is called.</summary>
    public static string SlotState(SlotView slot) => slot.State switch
    {
        "private" => PanelTexts.State_private,
        "pending" => PanelTexts.State_pending,
        "serving" => PanelTexts.State_serving,
        "answer-private" => PanelTexts.State_answer_private,
        "answered" => PanelTexts.State_answered,
        _ => slot.OldBytes ? PanelTexts.State_OldBytes : PanelTexts.State_free,
    };

    /// <summary>Who may write a field.</summary>
    public static string WriterName(Writer writer) => writer switch
    {
        Writer.Guest => TextViewTexts.Writer_Guest,
        Writer.Driver => TextViewTexts.Writer_Driver,
        Writer.Both => TextViewTexts.Writer_Both,
        Writer.Xen => TextViewTexts.Writer_Xen,
        Writer.Device => TextViewTexts.Writer_Device,
        _ => TextViewTexts.Writer_Other,
    };

    /// <summary>The breakpoints that have just stopped the run, or null.</summary>
    /// <param name="view">What is on screen.</param>
    public static string? StoppedAt(SessionView view) => !view.Run.AtBreakpoint ? null : string.Join(
        ", ",
        view.Breakpoints.Where(one => one is { On: true, Here: true })
            .Select(one => one.ChangesOnly ? Texts.Stopped_Changed.With(one.Text) : one.Text));

    /// <summary>What is said of a run that was sent to a breakpoint and met none, or null.</summary>
    /// <param name="view">What is on screen.</param>
    public static string? PastBreakpoints(SessionView view) => !view.Run.PastBreakpoints ? null :
        (view.Breakpoints.Any(one => one.On) ? Texts.Past_None : Texts.Past_NoneSet).With(
            view.Run.Position == 0 ? Texts.Past_Start : Texts.Past_End);
}
