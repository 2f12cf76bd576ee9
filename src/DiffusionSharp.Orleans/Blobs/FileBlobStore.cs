namespace DiffusionSharp.Orleans;

/// <summary>Blobs as files below a folder, which silos on several machines have to share.</summary>
public sealed class FileBlobStore : IBlobStore
{
    private readonly string _folder;

    /// <summary>Keeps blobs below a folder, which is made when the first one is written.</summary>
    /// <param name="folder">The folder.</param>
    public FileBlobStore(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _folder = Path.GetFullPath(folder);
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Moved into place as a whole, so that nobody reads half of it.
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await File.WriteAllBytesAsync(unfinished, content, cancellationToken).ConfigureAwait(false);
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken = default)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(name), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string prefix, CancellationToken cancellationToken = default)
    {
        string path = PathOf(prefix);
        string folder = prefix.EndsWith('/') ? path : Path.GetDirectoryName(path)!;
        if (Directory.Exists(folder))
        {
            string beginning = prefix.EndsWith('/') ? "" : Path.GetFileName(path);
            foreach (string file in Directory.EnumerateFiles(folder, $"{beginning}*"))
            {
                File.Delete(file);
            }

            if (beginning.Length == 0 && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }

        return Task.CompletedTask;
    }

    private string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        string path = Path.GetFullPath(Path.Combine(_folder, name));
        return path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"'{name}' is no name below the folder of the blobs.", nameof(name));
    }
}
