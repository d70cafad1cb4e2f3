using System.Collections.Concurrent;
using XenViz.Core.Commands;

namespace XenViz.Server.Storage;

/// <summary>
/// Uploaded images, read only. The name of an image is the hash of its bytes; the bytes in memory are shared by all
/// sessions that run on it and go when the last of them does.
/// </summary>
internal sealed class ImageStore(DataDirectory directory) : IDisposable
{
    private readonly ConcurrentDictionary<string, WeakReference<byte[]>> cache = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim reading = new(1);

    /// <summary>Where images are, or null when the host has no data directory.</summary>
    public DirectoryInfo? Folder => directory.Root?.CreateSubdirectory("images");

    /// <summary>The file of an image; the id must be one (<see cref="RunLimits.IsId"/>), so it cannot leave the folder.
    /// </summary>
    public string? PathOf(string id) =>
        RunLimits.IsId(id) && Folder is { } folder ? Path.Combine(folder.FullName, id + ".img") : null;

    /// <summary>The bytes of an image, or null when there is none of this id.</summary>
    public async Task<byte[]?> ReadAsync(string id, CancellationToken cancellation)
    {
        if (PathOf(id) is not { } path)
        {
            return null;
        }

        // One at a time: two sessions that start together on one image must share its bytes.
        await reading.WaitAsync(cancellation);
        try
        {
            if (cache.TryGetValue(id, out var held) && held.TryGetTarget(out var bytes))
            {
                return bytes;
            }

            if (!File.Exists(path))
            {
                return null;
            }

            bytes = await File.ReadAllBytesAsync(path, cancellation);
            cache[id] = new WeakReference<byte[]>(bytes);
            return bytes;
        }
        catch (IOException)
        {
            // Deleted or damaged under our hands: for a session that is the same as never uploaded.
            return null;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Deletes images that nobody needs, oldest first, until <paramref name="bytes"/> are free.</summary>
    /// <param name="needed">Ids of images that must stay.</param>
    /// <param name="bytes">Bytes to free at least.</param>
    /// <param name="before">Images used later than this stay: somebody may be about to make a session on one.</param>
    /// <returns>The bytes freed.</returns>
    public long Evict(IReadOnlySet<string> needed, long bytes, DateTimeOffset before)
    {
        var freed = 0L;
        var files = Folder?.EnumerateFiles("*.img").OrderBy(file => file.LastWriteTimeUtc).ToList() ?? [];
        foreach (var file in files.Where(file => file.LastWriteTimeUtc < before.UtcDateTime))
        {
            var id = Path.GetFileNameWithoutExtension(file.Name);
            if (freed >= bytes)
            {
                break;
            }

            if (!needed.Contains(id))
            {
                freed += file.Length;
                cache.TryRemove(id, out _);
                file.Delete();
            }
        }

        return freed;
    }

    /// <inheritdoc/>
    public void Dispose() => reading.Dispose();
}
