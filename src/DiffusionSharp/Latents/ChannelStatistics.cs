namespace DiffusionSharp.Latents;

/// <summary>Mean and standard deviation of each channel of an autoencoder's latents, as diffusers' <c>latents_mean</c> and <c>latents_std</c>. Equal by value.</summary>
public sealed class ChannelStatistics : IEquatable<ChannelStatistics>
{
    private readonly float[] _means;
    private readonly float[] _deviations;

    /// <summary>Creates the statistics.</summary>
    /// <param name="means">The mean of each channel.</param>
    /// <param name="deviations">The standard deviation of each channel, as many.</param>
    /// <exception cref="ArgumentException">They are not as many, none, not finite, or a deviation is 0.</exception>
    public ChannelStatistics(IReadOnlyList<float> means, IReadOnlyList<float> deviations)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(deviations);
        if (means.Count == 0 || means.Count != deviations.Count || deviations.Contains(0) || !means.Concat(deviations).All(float.IsFinite))
        {
            throw new ArgumentException($"There must be a finite mean and a finite deviation, which is not 0, for each channel; found {means.Count} and {deviations.Count}.", nameof(deviations));
        }

        (_means, _deviations) = ([.. means], [.. deviations]);
    }

    /// <summary>The mean of each channel.</summary>
    public IReadOnlyList<float> Means => _means;

    /// <summary>The standard deviation of each channel.</summary>
    public IReadOnlyList<float> Deviations => _deviations;

    /// <inheritdoc/>
    public bool Equals(ChannelStatistics? other) => other is not null && _means.AsSpan().SequenceEqual(other._means) && _deviations.AsSpan().SequenceEqual(other._deviations);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ChannelStatistics);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_means.Length, _means[0], _deviations[0]);

    /// <summary>The number of channels, and the first one's numbers.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => FormattableString.Invariant($"{_means.Length} channels, the first of mean {_means[0]} and deviation {_deviations[0]}");
}
