namespace XenViz.Tidy.Tests;

/// <summary>Small pieces: about 300 lines a file, 40 a method (60 is too many), 120 columns.</summary>
public sealed class SizeTests
{
    private const int FileLimit = 330;
    private const int MethodLimit = 60;
    private const int ColumnLimit = 120;

    [Fact]
    public void A_file_has_about_300_lines_at_most()
    {
        var complaints = SourceTree.Files("", ".cs", ".razor")
            .Where(file => file.Lines.Length > FileLimit)
            .Select(file => $"{file.Path}: {file.Lines.Length} lines");
        Complaints.AssertNone(complaints);
    }

    [Fact]
    public void A_line_has_120_columns_at_most()
    {
        var complaints = SourceTree.CSharp().SelectMany(file => file.Numbered())
            .Where(each => each.Line.Length > ColumnLimit)
            .Select(each => $"{each.Where}: {each.Line.Length} columns");
        Complaints.AssertNone(complaints);
    }

    [Fact]
    public void A_method_body_stays_small()
    {
        var complaints =
            from file in SourceTree.CSharp()
            from body in MethodBodies.In(file)
            where body.Lines > MethodLimit
            select $"{file.Path}:{body.FirstLine}: {body.Lines} lines";
        Complaints.AssertNone(complaints);
    }
}
