using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using XenViz.Core.Commands;
using XenViz.Server.Sessions;
using XenViz.Server.Storage;

namespace XenViz.Server.Api;

/// <summary>Disk images over HTTP: a person's own image in, the disk of a session out (docs/hub.md).</summary>
public static class ImageEndpoints
{
    private const string Octets = "application/octet-stream";
    private const string Capture = "application/vnd.tcpdump.pcap";

    /// <summary>Maps <c>POST /api/images</c> and <c>GET /api/sessions/{id}/image</c>.</summary>
    public static void MapXenVizImages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/images", UploadAsync).DisableAntiforgery();
        endpoints.MapGet("/api/sessions/{id}/image", DownloadAsync);
    }

    private static async Task<IResult> UploadAsync(HttpContext http, ImageUploads uploads, CancellationToken gone)
    {
        // A form of another site cannot send this type without asking first, so no token is needed.
        if (http.Request.ContentType?.Split(';')[0].Trim() != Octets)
        {
            return Problem(StatusCodes.Status415UnsupportedMediaType, "content-type", "UploadType", Octets);
        }

        if (http.Request.ContentLength > uploads.Limit)
        {
            return TooLarge(uploads);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // One more than allowed, so that what is too large is seen here and answered in words.
            limit.MaxRequestBodySize = uploads.Limit + (64 * 1024);
        }

        try
        {
            var (result, id, bytes) = await uploads.StoreAsync(http.Request.Body, gone);
            return result switch
            {
                UploadResult.Stored => Results.Created($"/api/images/{id}", new UploadedImage(id, bytes)),
                UploadResult.TooLarge => TooLarge(uploads),
                UploadResult.NotWholeSectors =>
                    Problem(StatusCodes.Status400BadRequest, "body", "UploadSectors", bytes),
                UploadResult.Full => Problem(StatusCodes.Status507InsufficientStorage, "body", "UploadFull"),
                UploadResult.Busy => Problem(StatusCodes.Status429TooManyRequests, "", "UploadBusy"),
                _ => Problem(StatusCodes.Status503ServiceUnavailable, "", "UploadUnavailable"),
            };
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge(uploads);
        }
        catch (BadHttpRequestException error)
        {
            return Problem(error.StatusCode, "body", "UploadBroken");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "", "UploadUnavailable");
        }
    }

    private static async Task<IResult> DownloadAsync(
        string id, SessionDirectory sessions, ImageStore images, CancellationToken gone)
    {
        var folder = images.Folder?.FullName ?? Path.GetTempPath();
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.part");
        var error = await sessions.ExportImageAsync(id, path);
        if (error is not null)
        {
            File.Delete(path);
            return Results.Problem(Details(error.Code switch
            {
                CommandErrors.BadArgument => StatusCodes.Status400BadRequest,
                CommandErrors.Unavailable or CommandErrors.TooMany => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status404NotFound,
            }, error));
        }

        // The file goes with the stream, even when the person breaks off.
        var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Delete, 64 * 1024,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        var head = new byte[4];
        var read = await file.ReadAtLeastAsync(head, head.Length, false, gone);
        file.Position = 0;
        return ImageUploads.IsCapture(head.AsSpan(0, read))
            ? Results.Stream(file, Capture, $"xenviz-{id}.pcap")
            : Results.Stream(file, Octets, $"xenviz-{id}.img");
    }

    private static IResult TooLarge(ImageUploads uploads) => Problem(
        StatusCodes.Status413PayloadTooLarge, "body", "UploadTooLarge", ImageUploads.Size(uploads.Limit));

    private static IResult Problem(int status, string field, string text, params object[] values) =>
        Results.Problem(Details(status, CommandErrors.Make(Code(status), field, text, values)));

    private static string Code(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests or StatusCodes.Status507InsufficientStorage => CommandErrors.TooMany,
        StatusCodes.Status503ServiceUnavailable => CommandErrors.Unavailable,
        _ => CommandErrors.BadArgument,
    };

    private static ProblemDetails Details(int status, CommandError error) => new()
    {
        Status = status,
        Title = error.Code,
        Detail = error.Message,
        Extensions = { ["code"] = error.Code, ["field"] = error.Field },
    };
}

/// <summary>The answer to an upload.</summary>
/// <param name="Id">What <c>image=</c> in a link takes.</param>
/// <param name="Bytes">The image's size.</param>
public sealed record UploadedImage(string Id, long Bytes);
