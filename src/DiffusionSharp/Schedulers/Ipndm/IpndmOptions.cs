namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="IpndmScheduler"/>.</summary>
public sealed record IpndmOptions
{
    /// <summary>
    /// Noise shares σ of your own in <c>x = α·x_0 + σ·ε</c>, <c>α = sqrt(1 - σ²)</c>: one more than there are steps, each in [0, 1]; they
    /// replace the number of steps of a plan. Null, the default, for <c>σ = sin²(πu/2)</c> with u from 1 to 0.
    /// </summary>
    /// <exception cref="ArgumentException">Fewer than two, or one outside [0, 1].</exception>
    public IReadOnlyList<float>? Sigmas
    {
        get;
        init
        {
            if (value is not null && (value.Count < 2 || value.Any(sigma => !(sigma is >= 0 and <= 1))))
            {
                throw new ArgumentException("Noise shares must be at least two, each in [0, 1].", nameof(value));
            }

            field = value is null ? null : [.. value];
        }
    }
}
