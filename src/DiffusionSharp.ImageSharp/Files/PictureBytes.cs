namespace DiffusionSharp.ImageSharp.Files;

/// <summary>The bytes of a picture while they arrive: refused as soon as they are too many or no picture's.</summary>
internal sealed class PictureBytes
{
    private const int FirstCapacity = 1 << 16;

    private readonly string _name;
    private readonly int _limit;
    private readonly long? _expected;
    private byte[] _bytes = new byte[FirstCapacity];
    private int _length;
    private bool _isPicture;

    private PictureBytes(Stream stream, ImageLimits limits)
    {
        _name = stream is FileStream file ? $"The file '{file.Name}'" : "The stream";
        _limit = Math.Min(limits.MaxBytes, Array.MaxLength);
        _expected = stream.CanSeek ? stream.Length - stream.Position : null;
        RequireAllowed(_expected ?? 0);
    }

    public static PictureFile Read(string path, ImageLimits limits)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        return Read(file, limits);
    }

    public static PictureFile Read(Stream stream, ImageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var bytes = new PictureBytes(stream, limits);
        int count;
        while ((count = stream.Read(bytes.Free.Span)) > 0)
        {
            bytes.Add(count);
        }

        return bytes.Complete();
    }

    public static async Task<PictureFile> ReadAsync(string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            return await ReadAsync(file, limits, cancellationToken).ConfigureAwait(false);
        }
    }

    public static async Task<PictureFile> ReadAsync(Stream stream, ImageLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var bytes = new PictureBytes(stream, limits);
        int count;
        while ((count = await stream.ReadAsync(bytes.Free, cancellationToken).ConfigureAwait(false)) > 0)
        {
            bytes.Add(count);
        }

        return bytes.Complete();
    }

    /// <summary>Where the next bytes go, never empty.</summary>
    private Memory<byte> Free
    {
        get
        {
            if (_length == _bytes.Length)
            {
                // One byte more than is expected shows the end without growing once more; one more than is allowed is refused.
                long wanted = Math.Max(2L * _length, (_expected ?? 0) + 1);
                Array.Resize(ref _bytes, (int)Math.Min(wanted, Math.Min((long)_limit + 1, Array.MaxLength)));
            }

            return _bytes.AsMemory(_length);
        }
    }

    private void Add(int count)
    {
        _length += count;
        RequireAllowed(_length);
        if (!_isPicture && _length >= PictureFormat.SignatureLength)
        {
            RequirePicture();
        }
    }

    private PictureFile Complete()
    {
        if (_length == 0)
        {
            throw new InvalidDataException($"{_name} is empty, where a picture was expected.");
        }

        RequirePicture();
        return new PictureFile(_name, PictureFormat.Of(_bytes.AsSpan(0, _length))!, new ArraySegment<byte>(_bytes, 0, _length));
    }

    private void RequirePicture()
    {
        _isPicture = PictureFormat.Of(_bytes.AsSpan(0, _length)) is not null;
        if (!_isPicture)
        {
            throw new InvalidDataException($"{_name} cannot be read as a picture: it is none in the formats PNG, JPEG, WebP, GIF and BMP.");
        }
    }

    private void RequireAllowed(long length)
    {
        if (length > _limit)
        {
            throw new InvalidDataException($"{_name} has more than the {_limit} bytes that are allowed: raise {nameof(ImageLimits)}.{nameof(ImageLimits.MaxBytes)} where it can be trusted.");
        }
    }
}
