namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>
/// The pages that a guest could not take back because somebody still used them (Linux <c>grant-table.c</c>
/// gnttab_add_deferred, gnttab_handle_deferred): each stays allocated until a later try succeeds. The guest's timer
/// calls <see cref="Retry"/>, about once a second.
/// </summary>
public sealed class DeferredRevocations
{
    /// <summary>Entries that one run of the timer looks at.</summary>
    public const int PerRun = 10;

    /// <summary>Tries after which the guest warns.</summary>
    public const int TriesToWarn = 60;

    private readonly Queue<Waiting> _waiting = new();

    /// <summary>Grants that wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Takes a grant back, or keeps its page until that can be done.</summary>
    /// <param name="domain">The granter.</param>
    /// <param name="reference">The entry.</param>
    /// <param name="gfn">The page, which must not be used again before it is given back.</param>
    /// <returns>True when the page may be used again at once.</returns>
    public bool EndAccess(GrantDomain domain, uint reference, ulong gfn)
    {
        if (GuestGrants.EndAccess(domain, reference))
        {
            return true;
        }

        _waiting.Enqueue(new Waiting(reference, gfn, 0));
        return false;
    }

    /// <summary>One run of the timer: the oldest are tried again, those still in use go to the end.</summary>
    /// <param name="domain">The granter.</param>
    /// <param name="freed">Takes the pages that may be used again.</param>
    /// <returns>The references that reached <see cref="TriesToWarn"/> in this run.</returns>
    public IReadOnlyList<uint> Retry(GrantDomain domain, ICollection<ulong> freed)
    {
        var warned = new List<uint>();
        for (var left = Math.Min(PerRun, _waiting.Count); left > 0; left--)
        {
            var entry = _waiting.Dequeue();
            if (GuestGrants.EndAccess(domain, entry.Ref))
            {
                freed.Add(entry.Gfn);
                continue;
            }

            entry = entry with { Tries = entry.Tries + 1 };
            if (entry.Tries == TriesToWarn)
            {
                warned.Add(entry.Ref);
            }

            _waiting.Enqueue(entry);
        }

        return warned;
    }

    private readonly record struct Waiting(uint Ref, ulong Gfn, int Tries);
}
