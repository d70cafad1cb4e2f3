using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage;

/// <summary>What every part of the layout asks of the view: who takes part, what changed, and when it shows.</summary>
internal sealed class SceneContext
{
    private readonly Dictionary<string, ChangeView> changes;
    private readonly HashSet<string> lights;
    private readonly HashSet<string> changed = [];
    private readonly CarrierClock clock;

    public SceneContext(SessionView view, SceneSize size)
    {
        View = view;
        Size = size;
        changes = view.Changes.GroupBy(c => c.Id).ToDictionary(
            g => g.Key, g => new ChangeView(g.Key, g.First().Before, g.Last().After));
        foreach (var change in changes.Keys)
        {
            if (ObjectOf(change) is { } id)
            {
                changed.Add(id);
            }
        }

        lights = [.. view.Stage.Lights];
        clock = new CarrierClock(view.Stage.Carriers);
    }

    public SessionView View { get; }

    public StageView Stage => View.Stage;

    public SceneSize Size { get; }

    public bool Wall => Size == SceneSize.Wall;

    public bool Low => Size == SceneSize.Low;

    /// <summary>True when the device is a network interface.</summary>
    public bool IsNetwork => Stage.Device == "network";

    /// <summary>Whose the data page is: one that is given away is at first the driver domain's, and nobody's is one
    /// that the guest gave up for it.</summary>
    public SceneOwner PageOwner => Stage.Data is not { } data || data.Owner == Stage.Guest.Id ? SceneOwner.Guest
        : data.Owner == Xen.Domain.Invalid ? SceneOwner.None
        : SceneOwner.Driver;

    /// <summary>True when the guest reaches the data page: it owns it and has a number for it.</summary>
    public bool GuestSees => PageOwner == SceneOwner.Guest && Stage.Data is { Unnumbered: false };

    /// <summary>What the IOMMU's box says while it has no entry for the page: its own pages a domain's device reaches
    /// always, and where nothing is confined an entry would change nothing.</summary>
    public string IommuWithoutEntry => View.PageMap.IommuMode switch
    {
        "off" => "IommuOff",
        "dom0-relaxed" => "IommuAll",
        _ => PageOwner == SceneOwner.Driver || Stage.OwnPage is not null ? "IommuOwn"
            : View.PageMap.Iommu.IsEmpty ? "NoEntry"
            : "NoEntryHere",
    };

    /// <summary>A text that is another one for the network.</summary>
    public string Word(string key, params object?[] values) =>
        StageText.Get(IsNetwork ? "Net." + key : key, values);

    public CarrierClock Clock => clock;

    /// <summary>True when one of the objects takes part: it acts, is named by the projection, or changed.</summary>
    public bool Lit(string id) => lights.Contains(id) || Stage.Acting == id || Changed(id);

    /// <summary>How an object looks. With nothing told yet (the start) nothing is dimmed.</summary>
    public SceneLook Look(string id) =>
        Stage.Acting == id ? SceneLook.Acting
        : lights.Count == 0 && Stage.Acting is null || Lit(id) ? SceneLook.Idle
        : SceneLook.Dim;

    /// <summary>True when something of one of these kinds travels in this step.</summary>
    public bool Carries(params ReadOnlySpan<string> kinds)
    {
        foreach (var carrier in Stage.Carriers)
        {
            if (kinds.Contains(carrier.Kind))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What a thing was before the step, or null. A "change" that changes nothing only marks: so does what differs
    /// between two runs beside each other.
    /// </summary>
    public static string? Was(ChangeView? change) =>
        change is null || change.Before == change.After ? null : change.Before;

    /// <summary>True when nothing but marks is shown: two runs stand beside each other.</summary>
    public bool Compares => changes.Count > 0 && changes.Values.All(change => change.Before == change.After);

    /// <summary>The change of one thing, or null.</summary>
    public ChangeView? Change(string id) => changes.GetValueOrDefault(id);

    /// <summary>True when a value of the object changed in this step.</summary>
    public bool Changed(string id) => changed.Contains(id);

    /// <summary>When the change of an object shows, in milliseconds.</summary>
    public int Effect(string id) => clock.Effect(id);

    /// <summary>Width of a text on this canvas.</summary>
    public double Width(string text, TextRole role) => TextFit.Width(text, role, Size);

    /// <summary>The first form that fits.</summary>
    public (string Text, TextRole Role) Pick(double room, params (string Text, TextRole Role)[] forms) =>
        TextFit.Pick(room, Size, forms);

    /// <summary>What a page holds that begins with no text.</summary>
    public static string NoText(DataPageView page) => StageText.Get(page.IsZeros ? "PageZeros" : "PageBytes");

    /// <summary>The same in little room.</summary>
    public static string NoTextShort(DataPageView page) => StageText.Get(page.IsZeros ? "ZerosShort" : "BytesShort");

    /// <summary>A number in hexadecimal, as the course writes it.</summary>
    public static string Hex(ulong value) => "0x" + value.ToString("X", CultureInfo.InvariantCulture);

    /// <summary>A number in decimal.</summary>
    public static string Dec(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private string? ObjectOf(string change)
    {
        var dot = change.IndexOf('.', StringComparison.Ordinal);
        var head = dot < 0 ? change : change[..dot];
        return head switch
        {
            "front" => "front",
            "back" => "back",
            "ring" or "slot" => "ring",
            "grant" or "pin" => "grant",
            "mapping" => "maptrack",
            "pte" or "tlb" => "driver-window",
            "own-page" => "own-page",
            "refs" => "data",
            "iommu" or "data" or "disk" or "dma" or "xenstore" => head,
            // The upcall flag is the vCPU's and drawn by itself: of its change every port of the domain would tell.
            "port" => change.EndsWith(".upcall", StringComparison.Ordinal) ? null : PortOf(change),
            "vcpu" => change == "vcpu." + Stage.Guest.Id ? "guest" : "driver",
            _ => null,
        };
    }

    private string? PortOf(string change)
    {
        foreach (var (id, port) in Ports())
        {
            if (port is not null && change.StartsWith(PortPrefix(port), StringComparison.Ordinal))
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>The start of the change ids of a port.</summary>
    public static string PortPrefix(PortView port) =>
        string.Create(CultureInfo.InvariantCulture, $"port.{port.Domain}.{port.Number}.");

    private IEnumerable<(string Id, PortView? Port)> Ports() =>
    [
        ("guest-port", Stage.GuestPort), ("driver-port", Stage.DriverPort), ("disk-port", Stage.DiskPort),
    ];
}
