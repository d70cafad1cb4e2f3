namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>
/// The maptrack of a domain with its free lists (<c>grant_table.c get_maptrack_handle</c>), one list a vCPU: taken from
/// the head, given back to the end of the list of the vCPU that the record belongs to. A list always keeps its last
/// record. FACTS b.3 has the exact rule.
/// </summary>
public sealed class HandleLists
{
    /// <summary>Records in a frame: 16 bytes each.</summary>
    public const int PerFrame = 256;

    /// <summary>No handle.</summary>
    public const uint None = uint.MaxValue;

    private readonly int _frameLimit;
    private readonly FreeList[] _lists;
    private MapRecord[] _records = [];
    private int _free;

    /// <summary>Makes an empty maptrack.</summary>
    /// <param name="vcpus">vCPUs of the domain.</param>
    /// <param name="frameLimit">Most frames.</param>
    public HandleLists(int vcpus, int frameLimit)
    {
        _frameLimit = frameLimit;
        _lists = new FreeList[vcpus];
        Array.Fill(_lists, new FreeList { Head = None, Tail = None });
    }

    /// <summary>Records that exist.</summary>
    public int Allocated => _records.Length;

    /// <summary>Records in use; those that a list keeps back are not.</summary>
    public int InUse => _records.Length - _free;

    /// <summary>The record of a handle, which must be below <see cref="Allocated"/>.</summary>
    public ref MapRecord this[uint handle] => ref _records[handle];

    /// <summary>Takes a handle for a vCPU.</summary>
    /// <returns>The handle, or <see cref="None"/> when there is none left.</returns>
    public uint Take(int vcpu)
    {
        if (_lists[vcpu].Count > 1)
        {
            return TakeHead(vcpu, vcpu);
        }

        if (_records.Length < _frameLimit * PerFrame)
        {
            return TakeFromNewFrame(vcpu);
        }

        if (_lists[vcpu].Count == 0)
        {
            if (Steal(vcpu) is var kept && kept == None)
            {
                return None;
            }

            Append(vcpu, kept);
        }

        return Steal(vcpu);
    }

    /// <summary>Gives a handle back.</summary>
    public void Put(uint handle)
    {
        _records[handle].Flags = 0;
        Append(_records[handle].Vcpu, handle);
    }

    /// <summary>Forgets everything: the domain is gone.</summary>
    public void Clear()
    {
        _records = [];
        _free = 0;
        Array.Fill(_lists, new FreeList { Head = None, Tail = None });
    }

    private uint TakeHead(int from, int vcpu)
    {
        ref var list = ref _lists[from];
        var handle = list.Head;
        list.Head = _records[handle].Next;
        list.Count--;
        _free--;
        _records[handle].Vcpu = vcpu;
        return handle;
    }

    private uint Steal(int vcpu)
    {
        for (var victim = 0; victim < _lists.Length; victim++)
        {
            if (victim != vcpu && _lists[victim].Count > 1)
            {
                return TakeHead(victim, vcpu);
            }
        }

        return None;
    }

    private uint TakeFromNewFrame(int vcpu)
    {
        var first = (uint)_records.Length;
        Array.Resize(ref _records, _records.Length + PerFrame);
        ref var list = ref _lists[vcpu];
        for (var handle = first; handle < first + PerFrame; handle++)
        {
            _records[handle].Vcpu = vcpu;
            _records[handle].Next = handle + 1;
        }

        var last = first + PerFrame - 1;
        _records[last].Next = list.Head;
        list.Head = first + 1;
        if (list.Count == 0)
        {
            list.Tail = last;
        }

        list.Count += PerFrame - 1;
        _free += PerFrame - 1;
        return first;
    }

    private void Append(int vcpu, uint handle)
    {
        ref var list = ref _lists[vcpu];
        _records[handle].Next = None;
        if (list.Count == 0)
        {
            list.Head = handle;
        }
        else
        {
            _records[list.Tail].Next = handle;
        }

        list.Tail = handle;
        list.Count++;
        _free++;
    }

    private struct FreeList
    {
        public uint Head;
        public uint Tail;
        public int Count;
    }
}

/// <summary>A maptrack record (<c>struct grant_mapping</c>).</summary>
public struct MapRecord
{
    /// <summary>Whose page it is.</summary>
    public ushort Granter;

    /// <summary>GNTMAP flags in force; 0 when the record is free.</summary>
    public uint Flags;

    /// <summary>The reference that was mapped.</summary>
    public uint Ref;

    internal int Vcpu;
    internal uint Next;
}
