namespace DiffusionSharp.Noise;

/// <summary>The noise of one generation: a source for each picture, and where a system wants it another stream for the steps. A cascade hands it on from stage to stage.</summary>
public sealed class GenerationNoise : IStateful
{
    /// <summary>Joins the sources of a generation.</summary>
    /// <param name="pictures">A source for each picture.</param>
    /// <param name="steps">
    /// What the steps draw from, the whole batch in one draw, as the first latent diffusion models and DiT do; null where each picture draws from
    /// its own source.
    /// </param>
    /// <exception cref="ArgumentException">No source, or one that is null.</exception>
    public GenerationNoise(IReadOnlyList<INoiseSource> pictures, INoiseSource? steps = null)
        : this(pictures, new PerImageNoise([.. pictures]), steps)
    {
    }

    private GenerationNoise(IReadOnlyList<INoiseSource> pictures, INoiseSource batch, INoiseSource? steps) => (Pictures, Batch, Steps) = (pictures, batch, steps ?? batch);

    /// <summary>The source of each picture.</summary>
    public IReadOnlyList<INoiseSource> Pictures { get; }

    /// <summary>What the initial noise is drawn from: all pictures in one call.</summary>
    public INoiseSource Batch { get; }

    /// <summary>What the steps draw from: all pictures in one call.</summary>
    public INoiseSource Steps { get; }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        foreach (INoiseSource source in Streams())
        {
            source.Save(writer);
        }
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader)
    {
        foreach (INoiseSource source in Streams())
        {
            source.Restore(reader);
        }
    }

    /// <summary>One stream for a whole batch, as a PyTorch pipeline draws that is given a single generator: one draw has the values of all pictures.</summary>
    /// <param name="source">The stream.</param>
    /// <param name="count">How many pictures, at least 1.</param>
    /// <returns>The noise.</returns>
    public static GenerationNoise OneStream(INoiseSource source, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new GenerationNoise([.. Enumerable.Repeat(source, count)], source, null);
    }

    // Each once: a batch may share one, and the steps may draw from those of the pictures.
    private HashSet<INoiseSource> Streams()
    {
        var streams = new HashSet<INoiseSource>(Pictures, ReferenceEqualityComparer.Instance);
        if (Steps != Batch)
        {
            streams.Add(Steps);
        }

        return streams;
    }
}
