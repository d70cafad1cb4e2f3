namespace XenViz.Core.Tests.Projection;

/// <summary>What the tokens of the narration are in the figure, row by row.</summary>
static class ExampleTokens
{
    // The same in every row, unless the row below says otherwise: a token is the state that the row speaks of.
    static readonly (string Name, string Value)[] World =
    [
        ("guest", "5"), ("driver", "2"), ("ref", "9"), ("frame", "0x5A21"), ("pfn", "0x1A4"),
        ("dataAddress", "0x5A21000"), ("index", "45"), ("slot", "13"), ("size", "32"), ("mask", "31"),
        ("offset", "0x5F0"), ("id", "3"), ("op", "WRITE"), ("sector", "2048"), ("sectors", "8"),
        ("segments", "1"), ("bytes", "4096"), ("byteAddress", "1,048,576"), ("firstSect", "0"),
        ("lastSect", "7"), ("segmentSectors", "8"), ("segmentBytes", "4096"), ("old", "45"), ("new", "46"),
        ("event", "46"), ("low", "45"), ("notifyLeft", "0"), ("notifyRight", "1"), ("free", "32"),
        ("reqProdPvt", "45"), ("rspCons", "45"), ("reqCons", "45"), ("rspProdPvt", "45"), ("handle", "17"),
        ("mapFlags", "6"), ("address", "0xFFFF8880003F1000"), ("status", "0"), ("statusName", "okay"),
        ("unconsumed", "1"), ("dataOffset", "256"), ("pieceBytes", "1500"), ("copied", "65535"), ("copies", "1"),
        ("frames", "12"), ("moved", "4096"), ("flags", "15"), ("offered", "8"), ("ring", "transmit"),
        ("agreed", "feature-sg, feature-gso-tcpv4, blank checksums"), ("owner", "5"),
        ("queue", "7"), ("tail", "71"), ("next", "71"), ("bus", "0x5D07"), ("busAddress", "0x5D07000"), ("lets", "1"),
        ("page", "1"), ("pages", "1"), ("state", "1, Initialising"), ("words", "1"),
        ("head", "EB 3C 90 4D 53 44 4F 53"), ("frontSlot", "112"),
        ("backSlot", "108"), ("frontAt", "624"), ("backAt", "604"),
    ];

    static readonly Dictionary<string, (string Name, string Value)[]> Rows = new()
    {
        ["C.5"] = [("ref", "8"), ("frame", "0x5A10")],
        ["C.6"] = [("port", "6")],
        ["C.8"] = [("handle", "16")],
        ["C.9"] = [("port", "70")],
        ["2.8"] = [("reqProdPvt", "46")],
        ["3.3"] = [("port", "6")],
        ["3.4"] = [("port", "6"), ("peerPort", "70"), ("peerDomain", "2")],
        ["4.9"] = [("reqCons", "46")],
        ["5.4"] = [("port", "12")],
        ["W.4"] = [("port", "12"), ("word", "0"), ("bit", "12")],
        ["H.1"] = [("reqCons", "46"), ("unconsumed", "0")],
        ["H.2"] = [("reqCons", "46"), ("event", "47")],
        ["H.5"] = [("event", "47")],
        ["R.4"] = [("rspProdPvt", "46")],
        ["6.3"] = [("port", "70")],
        ["6.4"] = [("port", "70"), ("peerPort", "6"), ("peerDomain", "5")],
        ["7.9"] = [("rspCons", "46")],
        ["7.11"] = [("text", "Hello, guest!")],
        ["3.5"] = [("port", "70"), ("word", "1"), ("bit", "6"), ("domain", "2")],
        ["3.6"] = [("port", "70"), ("word", "1"), ("bit", "6"), ("domain", "2")],
        ["3.7"] = [("port", "70"), ("word", "1"), ("bit", "6"), ("domain", "2")],
        ["3.8"] = [("port", "70"), ("word", "1"), ("bit", "6"), ("domain", "2")],
        ["3.9"] = [("port", "70"), ("word", "1"), ("bit", "6"), ("domain", "2")],
        ["4.3"] = [("port", "70"), ("word", "1"), ("bit", "6"), ("domain", "2")],
        ["4.4"] = [("port", "70"), ("word", "1"), ("bit", "6"), ("domain", "2")],
        ["4.5"] = [("port", "70"), ("word", "1"), ("bit", "6"), ("domain", "2")],
        ["4.6"] = [("port", "70"), ("word", "1"), ("bit", "6"), ("domain", "2")],
        ["6.5"] = [("port", "6"), ("word", "0"), ("bit", "6"), ("domain", "5")],
        ["6.6"] = [("port", "6"), ("word", "0"), ("bit", "6"), ("domain", "5")],
        ["6.7"] = [("port", "6"), ("word", "0"), ("bit", "6"), ("domain", "5")],
        ["6.8"] = [("port", "6"), ("word", "0"), ("bit", "6"), ("domain", "5")],
        ["6.9"] = [("port", "6"), ("word", "0"), ("bit", "6"), ("domain", "5")],
        ["7.3"] = [("port", "6"), ("word", "0"), ("bit", "6"), ("domain", "5")],
        ["7.4"] = [("port", "6"), ("word", "0"), ("bit", "6"), ("domain", "5")],
        ["7.5"] = [("port", "6"), ("word", "0"), ("bit", "6"), ("domain", "5")],
        ["7.6"] = [("port", "6"), ("word", "0"), ("bit", "6"), ("domain", "5")],
    };

    /// <summary>Every name that a template may use.</summary>
    public static IReadOnlySet<string> Names { get; } = World.Select(token => token.Name)
        .Concat(Rows.Values.SelectMany(row => row.Select(token => token.Name)))
        .Concat(["pins", "refsBefore", "refsAfter", "typesBefore", "typesAfter", "flagsBefore", "flagsAfter"])
        .ToHashSet();

    /// <summary>The values in one row of the figure.</summary>
    public static Dictionary<string, string> Of(string number, bool read)
    {
        var tokens = World.ToDictionary(token => token.Name, token => token.Value);
        foreach (var (name, value) in Rows.GetValueOrDefault(number, []))
        {
            tokens[name] = value;
        }

        if (read)
        {
            tokens["op"] = "READ";
            tokens["mapFlags"] = "2";
        }

        return tokens;
    }

    /// <summary>Values as long as they can become.</summary>
    /// <param name="segments">Segments of the request: 1 and more choose different words.</param>
    public static Dictionary<string, string> Longest(int segments)
    {
        var tokens = World.ToDictionary(token => token.Name, token => token.Value);
        string[] indices =
        [
            "old", "new", "event", "low", "notifyLeft", "notifyRight", "reqProdPvt", "rspCons", "reqCons",
            "rspProdPvt", "index",
        ];
        foreach (var name in indices)
        {
            tokens[name] = "4294967291";
        }

        foreach (var (name, value) in new[]
        {
            ("segments", $"{segments}"), ("sectors", "88"), ("bytes", "45056"), ("sector", "2097064"),
            ("byteAddress", "1,073,696,768"), ("handle", "255"), ("ref", "511"), ("port", "70"), ("word", "1"),
            ("bit", "12"), ("domain", "2"), ("peerDomain", "2"), ("peerPort", "70"), ("status", "-1"),
            ("statusName", "general_error"), ("text", new string('x', 40)), ("id", "31"), ("frame", "0x5A21F"),
            ("dataAddress", "0x5A21F000"), ("unconsumed", "32"), ("page", "256"),
            ("pages", segments == 1 ? "1" : "256"),
        })
        {
            tokens[name] = value;
        }

        return tokens;
    }
}
