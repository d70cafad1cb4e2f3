using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace XenViz.Server.Storage;

/// <summary>How an upload ended.</summary>
internal enum UploadResult
{
    Stored, TooLarge, NotWholeSectors, Full, Busy, Unavailable,
}

/// <summary>Takes images in. The bytes are counted and hashed on their way to the file and never looked at.</summary>
internal sealed class ImageUploads : IDisposable
{
    private const int SectorBytes = 512;
    private static readonly TimeSpan YoungImage = TimeSpan.FromMinutes(10);

    private readonly ImageStore images;
    private readonly ISessionStore sessions;
    private readonly ImageOptions options;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim slots;
    private readonly SemaphoreSlim storing = new(1);

    public ImageUploads(ImageStore images, ISessionStore sessions, IOptions<ImageOptions> options, TimeProvider time)
    {
        (this.images, this.sessions, this.options, this.time) = (images, sessions, options.Value, time);
        slots = new SemaphoreSlim(this.options.Uploads);
        // What a crash left half done.
        foreach (var part in images.Folder?.EnumerateFiles("*.part") ?? [])
        {
            part.Delete();
        }
    }

    /// <summary>Bytes that one image may have.</summary>
    public long Limit => options.Limit;

    /// <summary>Stores a stream as an image.</summary>
    /// <param name="body">Read once, to its end or to the limit.</param>
    /// <returns>The image's id and size when it was stored.</returns>
    public async Task<(UploadResult Result, string Id, long Bytes)> StoreAsync(
        Stream body, CancellationToken cancellation)
    {
        if (images.Folder is not { } folder)
        {
            return (UploadResult.Unavailable, "", 0);
        }

        if (!await slots.WaitAsync(TimeSpan.Zero, cancellation))
        {
            return (UploadResult.Busy, "", 0);
        }

        var part = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}.part");
        try
        {
            var (id, bytes, capture) = await ReceiveAsync(body, part, cancellation);
            return bytes switch
            {
                _ when bytes > Limit => (UploadResult.TooLarge, "", bytes),
                0 => (UploadResult.NotWholeSectors, "", bytes),
                _ when bytes % SectorBytes != 0 && !capture => (UploadResult.NotWholeSectors, "", bytes),
                _ => (await KeepAsync(part, id, bytes, cancellation), id, bytes),
            };
        }
        finally
        {
            File.Delete(part);
            slots.Release();
        }
    }

    /// <summary>True for what begins like a capture file (libpcap 2.4), whose size is any.</summary>
    /// <param name="head">Its first bytes.</param>
    public static bool IsCapture(ReadOnlySpan<byte> head) => head.Length >= 4
        && (IsMagic(BinaryPrimitives.ReadUInt32LittleEndian(head))
            || IsMagic(BinaryPrimitives.ReadUInt32BigEndian(head)));

    private static bool IsMagic(uint number) => number is 0xA1B2C3D4 or 0xA1B23C4D;

    /// <summary>Copies until the end or one read past the limit, whatever the sender said about the length.</summary>
    private async Task<(string Id, long Bytes, bool Capture)> ReceiveAsync(
        Stream body, string part, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            await using var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, true);
            var total = 0L;
            var head = new byte[4];
            int read;
            while (total <= Limit && (read = await body.ReadAsync(buffer, cancellation)) > 0)
            {
                for (var i = 0; i < read && total + i < head.Length; i++)
                {
                    head[total + i] = buffer[i];
                }

                total += read;
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            return (Convert.ToHexStringLower(hash.GetHashAndReset()), total, IsCapture(head));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<UploadResult> KeepAsync(string part, string id, long bytes, CancellationToken cancellation)
    {
        var path = images.PathOf(id)!;
        await storing.WaitAsync(cancellation);
        try
        {
            if (File.Exists(path))
            {
                File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
                return UploadResult.Stored;
            }

            var used = images.Folder!.EnumerateFiles("*.img").Sum(file => file.Length);
            var missing = used + bytes - options.QuotaBytes;
            if (missing > 0)
            {
                var needed = await sessions.ImagesAsync(cancellation);
                if (images.Evict(needed, missing, time.GetUtcNow() - YoungImage) < missing)
                {
                    return UploadResult.Full;
                }
            }

            File.Move(part, path);
            return UploadResult.Stored;
        }
        finally
        {
            storing.Release();
        }
    }

    /// <summary>A number of bytes for people: <c>64 MiB</c>, or bytes when it is no whole number of them.</summary>
    public static string Size(long bytes) => bytes % (1 << 20) == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");

    /// <inheritdoc/>
    public void Dispose()
    {
        slots.Dispose();
        storing.Dispose();
    }
}
