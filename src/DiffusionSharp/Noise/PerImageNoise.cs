namespace DiffusionSharp.Noise;

/// <summary>The noise of a batch, every image's from a source of its own, so that any image can be made again alone.</summary>
/// <remarks>
/// What a PyTorch pipeline does with a list of generators: each draws one image <c>[1, C, H, W]</c>. Not thread-safe.
/// </remarks>
public sealed class PerImageNoise : INoiseSource
{
    private readonly INoiseSource[] _sources;

    /// <summary>Joins the sources of a batch.</summary>
    /// <param name="sources">One source per image, at least one, in the order of the batch.</param>
    /// <exception cref="ArgumentException">No source, or one that is null.</exception>
    public PerImageNoise(params ReadOnlySpan<INoiseSource> sources)
    {
        if (sources.IsEmpty)
        {
            throw new ArgumentException("A batch has at least one noise source.", nameof(sources));
        }

        if (sources.Contains(null))
        {
            throw new ArgumentException("A noise source of the batch is null.", nameof(sources));
        }

        _sources = sources.ToArray();
    }

    /// <summary>Images in the batch.</summary>
    public int BatchSize => _sources.Length;

    /// <summary>Fills image i with the next values of source i.</summary>
    /// <param name="destination">The values of the batch <c>[B, C, H, W]</c>, row-major. One call is one draw of every source.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of <see cref="BatchSize"/>.</exception>
    public void Fill(Span<float> destination)
    {
        int imageLength = ImageLength(destination);
        for (int i = 0; i < _sources.Length; i++)
        {
            _sources[i].Fill(destination.Slice(i * imageLength, imageLength));
        }
    }

    /// <summary>Fills image i with the noise of source i between two noise levels.</summary>
    /// <param name="from">The noise level σ where the step begins.</param>
    /// <param name="to">The noise level where it ends.</param>
    /// <param name="destination">The values of the batch <c>[B, C, H, W]</c>, row-major.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of <see cref="BatchSize"/>.</exception>
    public void FillBetween(double from, double to, Span<float> destination)
    {
        int imageLength = ImageLength(destination);
        for (int i = 0; i < _sources.Length; i++)
        {
            _sources[i].FillBetween(from, to, destination.Slice(i * imageLength, imageLength));
        }
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        foreach (INoiseSource source in _sources)
        {
            source.Save(writer);
        }
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader)
    {
        foreach (INoiseSource source in _sources)
        {
            source.Restore(reader);
        }
    }

    private int ImageLength(ReadOnlySpan<float> destination)
    {
        (int imageLength, int rest) = Math.DivRem(destination.Length, _sources.Length);
        return rest == 0
            ? imageLength
            : throw new ArgumentException($"{destination.Length} values cannot be shared equally by {_sources.Length} images.", nameof(destination));
    }
}
