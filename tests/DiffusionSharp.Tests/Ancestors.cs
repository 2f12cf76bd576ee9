namespace DiffusionSharp.Tests;

/// <summary>Folders of the repository and beside it, which tests find from where they run.</summary>
internal static class Ancestors
{
    /// <summary>The folder at a relative path below the nearest ancestor that has it; null where none has.</summary>
    public static string? Find(string relativePath)
    {
        for (DirectoryInfo? ancestor = new(AppContext.BaseDirectory); ancestor is not null; ancestor = ancestor.Parent)
        {
            string candidate = Path.Combine(ancestor.FullName, relativePath);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>The folder at a relative path of the repository.</summary>
    public static string Require(string relativePath) =>
        Find(relativePath) ?? throw new InvalidOperationException($"The tests run outside the repository: {relativePath} is in no ancestor folder.");
}
