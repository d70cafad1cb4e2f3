namespace XenViz.Server.Storage;

/// <summary>How much of the host uploaded images may take: the configuration's section <c>XenViz:Images</c>.</summary>
public sealed class ImageOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "XenViz:Images";

    /// <summary>Bytes of one image at most; never more than <see cref="HardLimitBytes"/>.</summary>
    public long MaxBytes { get; set; } = HardLimitBytes;

    /// <summary>Bytes of all images together.</summary>
    public long QuotaBytes { get; set; } = 2L << 30;

    /// <summary>Uploads at the same time; one more is told to come back.</summary>
    public int Uploads { get; set; } = 4;

    /// <summary>64 MiB: an image is held in memory while a session runs on it.</summary>
    public const long HardLimitBytes = 64L << 20;

    /// <summary>What one image may have.</summary>
    public long Limit => Math.Min(MaxBytes, HardLimitBytes);
}
