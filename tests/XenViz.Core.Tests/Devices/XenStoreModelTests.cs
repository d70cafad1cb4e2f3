using CsCheck;
using XenViz.Core.Abi;
using XenViz.Core.Devices;

namespace XenViz.Core.Tests.Devices;

/// <summary>
/// Random operations of several domains, some in transactions, against a naive model: a plain dictionary in which a
/// transaction is nothing but the list of its operations, played when it ends.
/// </summary>
public sealed class XenStoreModelTests
{
    private static readonly string[] Paths = ["/a", "/a/b", "/a/b/c", "/a/d", "/e", "/e/f"];

    private static readonly int[] Domains = [0, 2, 5];
    private static readonly string[] Values = ["1", "2", ""];

    private sealed record Act(int Kind, int Domain, string Path, string Value);

    private static readonly Gen<Act> Acts = Gen.Select(
        Gen.Int[0, 9], Gen.Int[0, 2].Select(i => Domains[i]), Gen.Int[0, 5].Select(i => Paths[i]),
        Gen.Int[0, 2].Select(i => Values[i]),
        (kind, domain, path, value) => new Act(kind, domain, path, value));

    [Fact]
    public void Random_operations_of_three_domains_give_the_answers_of_a_naive_tree() =>
        Acts.List[1, 60].Sample(Check, iter: 3000);

    private static void Check(List<Act> acts)
    {
        var store = XenStore.Empty;
        store = store.Permit(new DomId(0), "/", new(new DomId(0), StoreAccess.Both, [])).After;
        var naive = new Naive();
        var open = new Dictionary<int, (uint Number, List<(Act Act, int Errno, string? Value)> Done)>();
        foreach (var act in acts)
        {
            var caller = new DomId((ushort)act.Domain);
            if (act.Kind == 8 && !open.ContainsKey(act.Domain))
            {
                var begun = store.Start(caller);
                (store, open[act.Domain]) = (begun.After, (begun.Transaction, []));
                continue;
            }

            if (act.Kind == 9 && open.Remove(act.Domain, out var ending))
            {
                var ended = store.End(caller, ending.Number, true);
                store = ended.After;
                if (ended.Errno == 0)
                {
                    // What has committed could have happened all at once, just now.
                    Assert.All(ending.Done, d => Assert.Equal((d.Errno, d.Value), naive.Do(d.Act)));
                }

                continue;
            }

            var inside = open.TryGetValue(act.Domain, out var found);
            var got = Do(store, caller, act, inside ? found.Number : 0);
            store = got.After;
            if (inside)
            {
                found.Done.Add((act, got.Errno, got.Value));
            }
            else
            {
                Assert.Equal((got.Errno, got.Value), naive.Do(act));
            }

            Assert.Equal(naive.Text(), Text(store));
        }

        Assert.Equal(naive.Text(), Text(store));
    }

    private static StoreAnswer Do(XenStore store, DomId caller, Act act, uint transaction) => act.Kind switch
    {
        <= 2 => store.Write(caller, act.Path, act.Value, transaction),
        3 => store.Mkdir(caller, act.Path, transaction),
        4 => store.Remove(caller, act.Path, transaction),
        5 => store.Directory(caller, act.Path, transaction),
        6 => store.Permit(caller, act.Path, Naive.Permissions(act), transaction),
        _ => store.Read(caller, act.Path, transaction),
    };

    private static string Text(XenStore store) =>
        string.Join('\n', store.Nodes.Select(n => $"{n.Key}={n.Value.Value} {n.Value.Permissions}"));

    private sealed class Naive
    {
        private readonly SortedDictionary<string, (string Value, StorePermissions Who)> _tree =
            new(StringComparer.Ordinal) { ["/"] = ("", new(new DomId(0), StoreAccess.Both, [])) };

        public static StorePermissions Permissions(Act act) => new(
            new DomId((ushort)act.Domain), act.Value == "" ? StoreAccess.None : StoreAccess.Read,
            act.Value == "1" ? [(new DomId(5), StoreAccess.Both)] : []);

        public string Text() => string.Join('\n', _tree.Select(n => $"{n.Key}={n.Value.Value} {n.Value.Who}"));

        public (int Errno, string? Value) Do(Act act)
        {
            var path = act.Path;
            var writes = act.Kind is <= 4 or 6;
            var exists = _tree.ContainsKey(path);
            var nearest = Enumerable.Range(0, path.Length + 1).Select(n => path[..n] == "" ? "/" : path[..n])
                .Last(_tree.ContainsKey);
            var allowed = May(act.Domain, _tree[nearest].Who, writes);
            if (!allowed)
            {
                return (Errno.Acces, null);
            }

            if (act.Kind <= 3)
            {
                Make(act, act.Kind <= 2);
                return (0, null);
            }

            if (!exists)
            {
                var parent = path[..Math.Max(1, path.LastIndexOf('/'))];
                return act.Kind == 4 && _tree.ContainsKey(parent) ? (0, null) : (Errno.NoEnt, null);
            }

            if (act.Kind == 4)
            {
                foreach (var key in _tree.Keys.Where(k => k == path || k.StartsWith(path + "/")).ToList())
                {
                    _tree.Remove(key);
                }

                return (0, null);
            }

            if (act.Kind == 6)
            {
                if (act.Domain != 0 && _tree[path].Who.Owner.Value != act.Domain)
                {
                    return (Errno.Acces, null);
                }

                _tree[path] = (_tree[path].Value, Permissions(act));
                return (0, null);
            }

            return (0, act.Kind == 5
                ? string.Join(' ', _tree.Keys.Where(k => k.StartsWith(path + "/"))
                    .Select(k => k[(path.Length + 1)..]).Where(k => !k.Contains('/')))
                : _tree[path].Value);
        }

        private static bool May(int domain, StorePermissions who, bool write)
        {
            if (domain == 0 || domain == who.Owner.Value)
            {
                return true;
            }

            var access = who.Listed.Any(l => l.Domain.Value == domain)
                ? who.Listed.First(l => l.Domain.Value == domain).Access
                : who.Others;
            return access == StoreAccess.Both || access == (write ? StoreAccess.Write : StoreAccess.Read);
        }

        private void Make(Act act, bool setValue)
        {
            var at = "";
            var who = _tree["/"].Who;
            foreach (var name in act.Path[1..].Split('/'))
            {
                at += "/" + name;
                var made = act.Domain == 0 ? who : who with { Owner = new DomId((ushort)act.Domain) };
                _tree.TryAdd(at, ("", made));
                who = _tree[at].Who;
            }

            if (setValue)
            {
                _tree[at] = (act.Value, who);
            }
        }
    }
}
