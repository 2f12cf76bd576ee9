using System.Net;
using System.Security.Cryptography;

namespace DiffusionSharp.Diffusers.Hub;

/// <summary>Downloads files of a listing into the cache. What was received of a file stays when it breaks off, and the next try goes on from there.</summary>
internal sealed class HubDownload(HubConnection connection, HubCache cache, HubListing listing)
{
    private const string Unfinished = ".incomplete";
    private const int PartLength = 1 << 18;

    private static readonly TimeSpan Meanwhile = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(IReadOnlyList<HubFile> files, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        long total = files.Sum(file => file.Size);
        long before = 0;
        foreach (HubFile file in files)
        {
            long done = before;
            await FetchAsync(file, received => progress?.Report(new DownloadProgress(file.Path, done + received, total)), cancellationToken).ConfigureAwait(false);
            cache.Link(file, listing.Commit);
            before += file.Size;
            progress?.Report(new DownloadProgress(file.Path, before, total));
        }
    }

    private async Task FetchAsync(HubFile file, Action<long> report, CancellationToken cancellationToken)
    {
        string blob = cache.BlobOf(file);
        string unfinished = blob + Unfinished;
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        if (IsThere(blob, file))
        {
            return;
        }

        using (FileStream content = await OpenAsync(unfinished, cancellationToken).ConfigureAwait(false))
        {
            // Somebody else may have finished it meanwhile.
            if (IsThere(blob, file))
            {
                return;
            }

            await ReceiveAsync(file, content, report, cancellationToken).ConfigureAwait(false);
            if (!await HasHashAsync(file, content, cancellationToken).ConfigureAwait(false))
            {
                content.SetLength(0);
                throw new ModelDownloadException($"{file.Path}: what was received has another hash than the hub announced ({file.Hash}); it was thrown away.");
            }
        }

        File.Move(unfinished, blob, overwrite: true);
    }

    private async Task ReceiveAsync(HubFile file, FileStream content, Action<long> report, CancellationToken cancellationToken)
    {
        if (content.Length > file.Size)
        {
            content.SetLength(0);
        }

        var part = new byte[PartLength];
        for (int failures = 0; content.Length < file.Size;)
        {
            long before = content.Length;
            try
            {
                await ReceiveRestAsync(file, content, part, report, cancellationToken).ConfigureAwait(false);
                if (content.Length < file.Size)
                {
                    throw new IOException($"the answer ended after {content.Length} of {file.Size} bytes");
                }
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException or (IOException and not ModelDownloadException))
            {
                // One that made progress is as good as the first.
                failures = content.Length > before ? 1 : failures + 1;
                if (failures > connection.Options.Retries)
                {
                    throw new ModelDownloadException($"{file.Path}: the download broke off at {content.Length} of {file.Size} bytes, and so did {connection.Options.Retries} more: {e.Message}. The next one goes on from there.", e);
                }

                await Task.Delay(connection.Options.Pause * Math.Pow(2, failures - 1), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ReceiveRestAsync(HubFile file, FileStream content, byte[] part, Action<long> report, CancellationToken cancellationToken)
    {
        long from = content.Length;
        using HttpResponseMessage response = await connection.GetAsync(HubConnection.AddressOf(listing, file), file.Path, from, cancellationToken).ConfigureAwait(false);
        bool goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == from;
        if (!goesOn)
        {
            // It does not know ranges, or this one: from the beginning.
            content.SetLength(0);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new IOException($"the answer is not the part that was asked for ({(int)response.StatusCode})");
            }
        }

        long announced = (goesOn ? from : 0) + (response.Content.Headers.ContentLength ?? (file.Size - (goesOn ? from : 0)));
        if (announced != file.Size)
        {
            throw new ModelDownloadException($"{file.Path}: the answer has {announced} bytes, but the hub's list says {file.Size}.");
        }

        content.Seek(0, SeekOrigin.End);
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        for (int read; (read = await connection.ReadAsync(body, part, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (content.Length + read > file.Size)
            {
                content.SetLength(0);
                throw new ModelDownloadException($"{file.Path}: more came than the {file.Size} bytes that the hub's list says.");
            }

            await content.WriteAsync(part.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            report(content.Position);
        }
    }

    // One process at a time writes; others wait and then find it done.
    private static async Task<FileStream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.Asynchronous, BufferSize = 0 });
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Meanwhile, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<bool> HasHashAsync(HubFile file, FileStream content, CancellationToken cancellationToken)
    {
        content.Seek(0, SeekOrigin.Begin);
        using IncrementalHash hash = file.StartHash();
        var part = new byte[PartLength];
        for (int read; (read = await content.ReadAsync(part, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            hash.AppendData(part, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == file.Hash;
    }

    private static bool IsThere(string blob, HubFile file) => new FileInfo(blob) is { Exists: true } there && there.Length == file.Size;
}
