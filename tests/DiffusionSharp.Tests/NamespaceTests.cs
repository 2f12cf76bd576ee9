using System.Text.RegularExpressions;

namespace DiffusionSharp.Tests;

/// <summary>
/// Public namespaces are few and follow the first folder of a project, however deep a file lies: one <c>using DiffusionSharp.Schedulers</c>
/// reaches every sampler. What everyone needs, the pipeline and all that the packages around the core offer, is in the project's own namespace.
/// </summary>
public sealed partial class NamespaceTests
{
    private static readonly string Source = Path.GetDirectoryName(Ancestors.Require(Path.Combine("src", "DiffusionSharp")))!;

    [Fact]
    public void Namespaces_follow_the_first_folder()
    {
        string[][] files = [.. Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar))
            .Where(path => path[1] is not ("bin" or "obj"))];
        Assert.NotEmpty(files);
        string[] misplaced = [.. files.Select(Misplacement).OfType<string>()];
        Assert.True(misplaced.Length == 0, string.Join(Environment.NewLine, misplaced));
    }

    /// <summary>What is wrong with the namespace of the file at project, folders, name; null where nothing is.</summary>
    private static string? Misplacement(string[] path)
    {
        string project = path[0];
        string ofFolder = path.Length > 2 ? $"{project}.{path[1]}" : project;
        string text = File.ReadAllText(Path.Combine([Source, .. path]));
        string found = Namespace().Match(text).Groups[1].Value;
        string[] allowed = (project, path[1]) switch
        {
            ("DiffusionSharp", "Pipelines" or "Checkpoints") => [project],
            ("DiffusionSharp", _) => [ofFolder],
            _ => PublicType().IsMatch(text) ? [project] : [project, ofFolder],
        };
        return allowed.Contains(found) ? null : $"{Path.Combine(path)} is in '{found}', not in {string.Join(" or ", allowed)}";
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex("^public ", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
