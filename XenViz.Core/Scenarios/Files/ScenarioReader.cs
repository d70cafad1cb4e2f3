using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using XenViz.Core.Commands;

namespace XenViz.Core.Scenarios.Files;

/// <summary>
/// Reads scenario files (docs/scenarios.md). Believes nothing: size, depth and number of values are bounded before they
/// cost anything, unknown fields are errors, and every error names its line and field.
/// </summary>
public static class ScenarioReader
{
    /// <summary>Most bytes of a file.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 8;

    /// <summary>Most values in a file: objects, lists, texts, numbers and switches together.</summary>
    public const int MaxValues = 1000;

    /// <summary>Most errors that are reported at once.</summary>
    public const int MaxErrors = 20;

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">Its bytes: JSON as UTF-8, with or without a byte order mark.</param>
    /// <returns>What it says, or everything that is wrong with it, in the order of its lines.</returns>
    public static (ScenarioFile? File, ImmutableArray<ScenarioFileError> Errors) Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            return (null, [ScenarioFileError.At(1, "", "Size", MaxBytes)]);
        }

        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var (tree, error) = JsonTreeParser.Parse(bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes);
        if (tree is null)
        {
            return (null, [error!]);
        }

        var reading = new Reading();
        var file = reading.File(tree);
        return reading.Errors.Count == 0
            ? (file, [])
            : (null, [.. reading.Errors.OrderBy(found => found.Line).Take(MaxErrors)]);
    }

    /// <summary>One reading of one file.</summary>
    private sealed class Reading
    {
        private readonly Dictionary<string, (int Line, string Path)> _places = new(StringComparer.Ordinal);

        public List<ScenarioFileError> Errors { get; } = [];

        public ScenarioFile File(JsonTree tree)
        {
            var top = new FieldReader(tree, "", Errors);
            Version(top);
            var file = new ScenarioFile
            {
                Title = top.Text("title", ScenarioFields.TitleLength) ?? "",
                About = top.Text("about", ScenarioFields.AboutLength) ?? "",
            };
            top.Ignore("$schema");
            var link = new RunLink();
            foreach (var section in ScenarioFields.All.GroupBy(field => field.Section))
            {
                var reader = section.Key.Length == 0 ? top : top.Section(section.Key);
                if (reader is null)
                {
                    continue;
                }

                foreach (var field in section)
                {
                    link = Take(reader, field, link);
                }

                if (section.Key == "workload")
                {
                    link = link with { Parameters = link.Parameters with { Work = Work(reader) } };
                }

                if (reader != top)
                {
                    reader.Finish();
                }
            }

            top.Finish();
            Check(tree, link);
            return file with { Link = link };
        }

        private static void Version(FieldReader top)
        {
            if (top.Number("version") is { } version && version != ScenarioFile.Version)
            {
                top.Bad("version", "Version", version, ScenarioFile.Version);
            }
            else if (!top.Has("version"))
            {
                top.Bad("version", "NoVersion", ScenarioFile.Version);
            }
        }

        private RunLink Take(FieldReader reader, ScenarioField field, RunLink link)
        {
            object? value = field.Kind switch
            {
                FieldKind.Number => reader.Number(field.Name, field.Least, field.Most),
                FieldKind.Word => reader.Word(field.Name, field.Choices),
                FieldKind.Text => reader.Text(field.Name, field.Most),
                _ => reader.Switch(field.Name),
            };
            if (value is null)
            {
                return link;
            }

            _places[field.Part] = (reader.LineOf(field.Name), field.Path);
            var changed = field.Set(link, value);
            if (changed.Choices.IsDefault)
            {
                reader.Bad(field.Name, "Choices", RunLimits.Choices);
                return link;
            }

            return changed;
        }

        private ImmutableArray<WorkItem> Work(FieldReader workload)
        {
            var items = ImmutableArray.CreateBuilder<WorkItem>();
            foreach (var item in workload.Objects("items", RunLimits.Items))
            {
                var index = items.Count;
                _places[$"work[{index}]"] = (item.Line, item.Path);
                foreach (var name in item.Names)
                {
                    _places[$"work[{index}].{name}"] = (item.LineOf(name), $"{item.Path}.{name}");
                }

                items.Add(WorkItemFields.Read(item));
                item.Finish();
            }

            _places["work"] = (workload.LineOf("items"), "workload.items");
            return items.ToImmutable();
        }

        // The limits of a run are checked in one place, whoever asks; here only the place is found.
        private void Check(JsonTree tree, RunLink link)
        {
            if (Errors.Count > 0 || link.Check() is not { } limit)
            {
                return;
            }

            var found = _places.TryGetValue(limit.Field, out var place) ? place : (tree.Line, limit.Field);
            Errors.Add(new ScenarioFileError(found.Item1, found.Item2, limit.Message));
        }
    }
}
