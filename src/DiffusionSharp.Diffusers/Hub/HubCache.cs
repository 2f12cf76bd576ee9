namespace DiffusionSharp.Diffusers.Hub;

/// <summary>
/// The folder of a repository in the cache that other tools share: contents by their hash in <c>blobs</c>, a folder of links to them for each commit in
/// <c>snapshots</c>, and what commit a branch is in <c>refs</c> (https://huggingface.co/docs/huggingface_hub/guides/manage-cache).
/// </summary>
internal sealed class HubCache(string root, RepositoryName name)
{
    private readonly string _folder = Path.GetFullPath(Path.Combine(root, $"models--{name.Owner}--{name.Name}"));

    /// <summary>The folder of the cache that other tools have.</summary>
    public static string SharedFolder =>
        Environment.GetEnvironmentVariable("HF_HUB_CACHE") is { Length: > 0 } cache ? cache
        : Environment.GetEnvironmentVariable("HF_HOME") is { Length: > 0 } home ? Path.Combine(home, "hub")
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "huggingface", "hub");

    public RepositoryName Name => name;

    public string SnapshotOf(string commit) => Path.Combine(_folder, "snapshots", commit);

    /// <summary>Where the content of a file lies, or will.</summary>
    public string BlobOf(HubFile file) => Path.Combine(_folder, "blobs", file.Hash);

    /// <summary>The folder of a commit, where that is what was asked for and all its files are there, which are named one by one.</summary>
    public string? FindComplete(IReadOnlyList<string>? files) =>
        name.IsCommit && files is { Count: > 0 } && files.All(file => HubFile.IsSafe(file) && File.Exists(Path.Combine(SnapshotOf(name.Revision), file))) ? SnapshotOf(name.Revision) : null;

    /// <summary>Writes down what commit the revision is.</summary>
    public void Remember(string commit)
    {
        if (!name.IsCommit)
        {
            string path = Path.Combine([_folder, "refs", .. name.Revision.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, commit);
        }
    }

    /// <summary>Puts a file whose content is there into the folder of a commit.</summary>
    public void Link(HubFile file, string commit)
    {
        string path = Path.Combine([SnapshotOf(commit), .. file.Path.Split('/')]);
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        if (new FileInfo(path) is { Exists: true } there && (there.ResolveLinkTarget(returnFinalTarget: true) ?? there) is FileInfo { Exists: true } target && target.Length == file.Size)
        {
            return;
        }

        // A link whose target is gone exists as a link only.
        File.Delete(path);
        try
        {
            File.CreateSymbolicLink(path, Path.GetRelativePath(folder, BlobOf(file)));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException && OperatingSystem.IsWindows())
        {
            // Windows allows links to administrators and developers only.
            File.Copy(BlobOf(file), path, overwrite: true);
        }
    }
}
