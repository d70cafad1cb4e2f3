using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Scenarios.Files;

namespace XenViz.Server.Api;

/// <summary>Scenario files over HTTP (docs/scenarios.md): what there is, reading somebody's file, writing a run as one,
/// and the schema.</summary>
public static class ScenarioEndpoints
{
    private const string Json = "application/json";

    // The schema is the same for everybody as long as the program is the same.
    private static readonly Lazy<byte[]> Schema = new(ScenarioSchema.Write);

    /// <summary>Maps <c>/api/scenarios</c>, <c>/api/scenario-file</c> and the schema.</summary>
    public static void MapXenVizScenarios(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/scenarios", () => Results.Json(ScenarioShelf.Cards));
        endpoints.MapGet("/api/scenarios/{name}", File);
        endpoints.MapPost("/api/scenarios", ReadAsync).DisableAntiforgery();
        endpoints.MapGet("/api/scenario-file", Write);
        endpoints.MapGet(ScenarioWriter.SchemaPath, () => Results.Bytes(Schema.Value, "application/schema+json"));
    }

    private static IResult File(string name) => ScenarioCatalog.Names.Contains(name)
        ? Results.Bytes(ScenarioCatalog.BytesOf(name)!, Json, $"{name}.json")
        : Results.Problem(Details(
            StatusCodes.Status404NotFound,
            CommandErrors.Bad("name", "ScenarioName", string.Join(", ", ScenarioCatalog.Names))));

    private static async Task<IResult> ReadAsync(HttpContext http, CancellationToken gone)
    {
        // A form of another site cannot send this type without asking first, so no token is needed.
        if (http.Request.ContentType?.Split(';')[0].Trim() != Json)
        {
            return Results.Problem(Details(
                StatusCodes.Status415UnsupportedMediaType, CommandErrors.Bad("content-type", "UploadType", Json)));
        }

        if (http.Request.ContentLength > ScenarioReader.MaxBytes)
        {
            return TooLarge();
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // A little more than allowed, so that what is too large is seen by the reader and answered in its words.
            limit.MaxRequestBodySize = ScenarioReader.MaxBytes + (64 * 1024);
        }

        try
        {
            var bytes = await TakeAsync(http.Request.Body, gone);
            var (file, errors) = ScenarioReader.Read(bytes);
            return file is null
                ? Results.Problem(Details(errors))
                : Results.Json(ScenarioShelf.Card(file));
        }
        catch (BadHttpRequestException error)
        {
            return error.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge()
                : Results.Problem(Details(error.StatusCode, CommandErrors.Bad("body", "UploadBroken")));
        }
    }

    private static IResult TooLarge() =>
        Results.Problem(Details(ScenarioReader.Read(new byte[ScenarioReader.MaxBytes + 1]).Errors));

    // Never holds more than one byte more than a scenario may have.
    private static async Task<byte[]> TakeAsync(Stream body, CancellationToken gone)
    {
        var buffer = new byte[ScenarioReader.MaxBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, gone);
        return buffer[..length];
    }

    private static IResult Write(HttpContext http)
    {
        var (link, error) = RunLink.Parse(http.Request.QueryString.Value);
        return link is null
            ? Results.Problem(Details(StatusCodes.Status400BadRequest, error!))
            : Results.Bytes(ScenarioWriter.Write(new ScenarioFile { Link = link }), Json, "xenviz-scenario.json");
    }

    private static ProblemDetails Details(int status, CommandError error) => new()
    {
        Status = status,
        Title = error.Code,
        Detail = error.Message,
        Extensions = { ["code"] = error.Code, ["field"] = error.Field },
    };

    private static ProblemDetails Details(ImmutableArray<ScenarioFileError> errors) => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Title = CommandErrors.BadArgument,
        Detail = string.Join('\n', errors.Select(each => each.ToString())),
        Extensions =
        {
            ["code"] = CommandErrors.BadArgument,
            ["field"] = errors[0].Field,
            ["line"] = errors[0].Line,
            ["errors"] = errors.Select(each => new Dictionary<string, string>
            {
                ["line"] = each.Line.ToString(CultureInfo.InvariantCulture),
                ["field"] = each.Field,
                ["message"] = each.Message,
            }),
        },
    };
}
