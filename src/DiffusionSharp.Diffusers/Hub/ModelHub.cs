using DiffusionSharp.Diffusers.Hub;

namespace DiffusionSharp.Diffusers;

/// <summary>
/// Downloads published models into the cache that other tools share. Only here is a network used, and only when it is asked for.
/// </summary>
public static class ModelHub
{
    /// <summary>Downloads a model, or what of it is not in the cache yet.</summary>
    /// <param name="repository">Its name, <c>owner/name</c>.</param>
    /// <param name="revision">A branch, a tag, or a commit, for which nothing is asked over the network when all files are in the cache.</param>
    /// <param name="files">
    /// The files, by name or with <c>*</c> for any part of one. Null, the default, for those that <see cref="DiffusersPipeline"/> reads of a folder with a
    /// <c>model_index.json</c>, or for configuration and weights where a repository is a single network.
    /// </param>
    /// <param name="progress">Told of what was received; may be null.</param>
    /// <param name="options">Where from and where to; the defaults when null.</param>
    /// <param name="cancellationToken">Stops the download; the next one goes on where it ended.</param>
    /// <returns>The folder of the model.</returns>
    /// <exception cref="ArgumentException">The repository's name or the revision is none.</exception>
    /// <exception cref="ModelDownloadException">The hub does not have the model or a file, wants a token, cannot be reached, or sends something else than it announced.</exception>
    /// <exception cref="ModelFormatException">The model is of a kind that is not known.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<string> DownloadAsync(
        string repository,
        string revision = "main",
        IReadOnlyList<string>? files = null,
        IProgress<DownloadProgress>? progress = null,
        ModelHubOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new ModelHubOptions();
        var cache = new HubCache(options.CacheFolder ?? HubCache.SharedFolder, RepositoryName.Parse(repository, revision));
        if (cache.FindComplete(files) is { } there)
        {
            return there;
        }

        using var connection = new HubConnection(options);
        HubListing listing = await HubListing.LoadAsync(connection, cache.Name, cancellationToken).ConfigureAwait(false);
        var download = new HubDownload(connection, cache, listing);
        IReadOnlyList<HubFile> wanted = files is not null
            ? HubSelection.Named(listing, files)
            : await HubSelection.OfPipelineAsync(listing, options.Variant, FetchAsync).ConfigureAwait(false);
        await download.RunAsync(wanted, progress, cancellationToken).ConfigureAwait(false);
        cache.Remember(listing.Commit);
        return cache.SnapshotOf(listing.Commit);

        async Task<string> FetchAsync(HubFile file)
        {
            await download.RunAsync([file], null, cancellationToken).ConfigureAwait(false);
            return cache.SnapshotOf(listing.Commit);
        }
    }
}
