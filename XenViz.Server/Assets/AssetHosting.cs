using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace XenViz.Server.Assets;

/// <summary>
/// Style sheets and scripts go out compressed, also those of packages, which only a publish compresses ahead. Those of
/// the tree are compressed by the build, and kept by browsers under their fingerprint. The setting
/// <c>ReloadStaticAssetsAtRuntime</c> is for those who edit them (environment Development), and sends them as they are.
/// </summary>
public static class AssetHosting
{
    private static readonly string[] Types = ["text/css", "text/javascript", "application/javascript"];

    /// <summary>Adds the compression. Only files that are the same for everybody: what is secret in a page cannot be
    /// guessed from its compressed length.</summary>
    public static void AddXenVizAssets(this IServiceCollection services) => services
        .Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal)
        .AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = Types;
        });

    /// <summary>Compresses what was not compressed ahead.</summary>
    public static void UseXenVizAssets(this IApplicationBuilder app) => app.UseResponseCompression();
}
