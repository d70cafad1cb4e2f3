using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;

namespace XenViz.Core.Programs;

/// <summary>Accesses to an area of several pages: one access of the program, though the pages are anywhere.</summary>
public ref partial struct GuestCpu
{
    /// <summary>Loads bytes of an area of pages; the range may cross from one page into the next.</summary>
    /// <param name="pages">The frames, in the order of the area.</param>
    /// <param name="offset">The first byte of the area.</param>
    /// <param name="length">How many bytes.</param>
    public byte[] LoadBytes(ImmutableArray<Mfn> pages, int offset, int length)
    {
        var all = new byte[length];
        var done = 0;
        while (done < length)
        {
            var (mfn, at, here) = Part(pages, offset + done, length - done);
            Access(mfn, false, done == 0);
            var bytes = Draft.PeekBytes(mfn, at, here);
            Draft.Say(new MachineEvent.Accessed(AccessKind.Load, mfn, at, bytes, bytes));
            bytes.CopyTo(all, done);
            done += here;
        }

        return all;
    }

    /// <summary>Stores bytes into an area of pages; the range may cross from one page into the next.</summary>
    /// <inheritdoc cref="LoadBytes(ImmutableArray{Mfn}, int, int)" path="/param"/>
    public void StoreBytes(ImmutableArray<Mfn> pages, int offset, scoped ReadOnlySpan<byte> bytes)
    {
        var done = 0;
        while (done < bytes.Length)
        {
            var (mfn, at, here) = Part(pages, offset + done, bytes.Length - done);
            Change(AccessKind.Store, mfn, at, bytes.Slice(done, here), done == 0);
            done += here;
        }
    }

    private static (Mfn Mfn, int Offset, int Bytes) Part(ImmutableArray<Mfn> pages, int offset, int left)
    {
        var inPage = offset % PageSize.Bytes;
        return (pages[offset / PageSize.Bytes], inPage, Math.Min(left, PageSize.Bytes - inPage));
    }
}
