namespace DiffusionSharp.Orleans;

/// <summary>
/// Where finished pictures lie, under names such as <c>job-7/1-0.png</c>: a folder that all silos share, object storage, a database. Safe for
/// concurrent use. A name is written once, and read only after that.
/// </summary>
public interface IBlobStore
{
    /// <summary>Keeps some bytes. What is half written must not be there under the name.</summary>
    /// <param name="name">Segments of letters, digits, '.', '_' and '-', between slashes.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Done when they are safe.</returns>
    Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Reads what was written.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The bytes; null where there are none of that name.</returns>
    Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Deletes some blobs, which may be none.</summary>
    /// <param name="prefix">What their names begin with.</param>
    /// <param name="cancellationToken">Stops the deleting.</param>
    /// <returns>Done when they are gone.</returns>
    Task DeleteAsync(string prefix, CancellationToken cancellationToken = default);
}
