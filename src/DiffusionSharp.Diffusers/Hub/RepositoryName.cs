using System.Text.RegularExpressions;

namespace DiffusionSharp.Diffusers.Hub;

/// <summary>A repository and a revision of it, whose names lead nowhere else, neither as an address nor as a path.</summary>
internal sealed partial record RepositoryName(string Owner, string Name, string Revision)
{
    /// <summary>Whether the revision is a commit, which always has the same files.</summary>
    public bool IsCommit => Commit().IsMatch(Revision);

    /// <exception cref="ArgumentException">The names are none.</exception>
    public static RepositoryName Parse(string repository, string revision)
    {
        ArgumentException.ThrowIfNullOrEmpty(repository);
        ArgumentException.ThrowIfNullOrEmpty(revision);
        if (repository.Split('/') is not [var owner, var name] || !IsPlain(owner) || !IsPlain(name))
        {
            throw new ArgumentException($"'{repository}' is no repository; expected owner/name.", nameof(repository));
        }

        return revision.Split('/').All(IsPlain)
            ? new RepositoryName(owner, name, revision)
            : throw new ArgumentException($"'{revision}' is no branch, tag or commit.", nameof(revision));
    }

    public static bool IsCommitHash(string text) => Commit().IsMatch(text);

    public override string ToString() => $"{Owner}/{Name} ({Revision})";

    private static bool IsPlain(string part) => Part().IsMatch(part) && !part.Contains("..", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,255}\z")]
    private static partial Regex Part();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Commit();
}
