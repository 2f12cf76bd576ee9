using System.Text.Json;

namespace DiffusionSharp.Diffusers.Hub;

/// <summary>Which files a revision of a repository has. What the hub says is checked before anything is made of it.</summary>
internal sealed class HubListing
{
    private const int LongestListing = 64 << 20;

    private HubListing(RepositoryName name, string commit, IReadOnlyList<HubFile> files) => (Name, Commit, Files) = (name, commit, files);

    public RepositoryName Name { get; }

    /// <summary>The commit that the revision is now.</summary>
    public string Commit { get; }

    public IReadOnlyList<HubFile> Files { get; }

    public static async Task<HubListing> LoadAsync(HubConnection connection, RepositoryName name, CancellationToken cancellationToken)
    {
        string address = $"api/models/{name.Owner}/{name.Name}/revision/{Uri.EscapeDataString(name.Revision)}?blobs=true";
        string text = await connection.ReadTextAsync(address, name.ToString(), LongestListing, cancellationToken).ConfigureAwait(false);
        try
        {
            return Parse(name, text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new ModelDownloadException($"{name}: the hub's list of files is not understood: {e.Message}", e);
        }
    }

    public HubFile? Find(string path) => Files.FirstOrDefault(file => file.Path == path);

    private static HubListing Parse(RepositoryName name, string text)
    {
        using var document = JsonDocument.Parse(text);
        string commit = document.RootElement.GetProperty("sha").GetString() is { } sha && RepositoryName.IsCommitHash(sha)
            ? sha
            : throw new ModelDownloadException($"{name}: the hub names no commit.");
        return new HubListing(name, commit, [.. document.RootElement.GetProperty("siblings").EnumerateArray().Select(entry => FileOf(name, entry))]);
    }

    private static HubFile FileOf(RepositoryName name, JsonElement entry)
    {
        string path = entry.GetProperty("rfilename").GetString() ?? "";
        bool isLarge = entry.TryGetProperty("lfs", out JsonElement large) && large.ValueKind == JsonValueKind.Object;
        long size = (isLarge ? large : entry).GetProperty("size").GetInt64();
        string hash = (isLarge ? large.GetProperty("sha256") : entry.GetProperty("blobId")).GetString() ?? "";
        return HubFile.IsSafe(path) && HubFile.IsHash(hash) && size >= 0
            ? new HubFile(path, size, hash)
            : throw new ModelDownloadException($"{name}: the hub lists a file '{path}' of {size} bytes with the hash '{hash}', which is no file in a folder.");
    }
}
