using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// A time shift that grows with the resolution, because more pixels need more noise to hide the same picture
/// (Esser et al. 2024, arXiv:2403.03206, section 5.3.2). Its strength μ is a straight line over the number of image tokens.
/// </summary>
public sealed record DynamicShift
{
    /// <summary>How μ acts on σ. Exponential by default.</summary>
    public TimeShiftType Type { get; init; } = TimeShiftType.Exponential;

    /// <summary>μ at <see cref="BaseTokens"/>.</summary>
    public double BaseShift { get; init; } = 0.5;

    /// <summary>μ at <see cref="MaxTokens"/>.</summary>
    public double MaxShift { get; init; } = 1.15;

    /// <summary>The number of image tokens at which μ is <see cref="BaseShift"/>; 256 is a picture of 256 by 256 pixels.</summary>
    public int BaseTokens { get; init; } = 256;

    /// <summary>The number of image tokens at which μ is <see cref="MaxShift"/>; 4096 is a picture of 1024 by 1024 pixels.</summary>
    public int MaxTokens { get; init; } = 4096;

    /// <summary>The side, in latent pixels, of the square that is one image token, at least 1; 2 for SD3 and Flux.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int PatchSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2;

    /// <summary>μ for a picture of so many tokens. The line goes on below <see cref="BaseTokens"/> and above <see cref="MaxTokens"/>.</summary>
    /// <param name="imageTokens">Number of image tokens, at least 1.</param>
    /// <returns>μ.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="imageTokens"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException"><see cref="BaseTokens"/> and <see cref="MaxTokens"/> are equal, so there is no line.</exception>
    public double Mu(int imageTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imageTokens, 1);
        if (BaseTokens == MaxTokens)
        {
            throw new InvalidOperationException($"{nameof(BaseTokens)} and {nameof(MaxTokens)} are both {BaseTokens}, so they give no line for the shift: give the plan a {nameof(SamplingPlan.Mu)}.");
        }

        double slope = (MaxShift - BaseShift) / (MaxTokens - BaseTokens);
        return (imageTokens * slope) + (BaseShift - (slope * BaseTokens));
    }

    /// <summary>μ for latents of a shape, one token for each square of <see cref="PatchSize"/>.</summary>
    /// <param name="shape">The shape of the sample.</param>
    /// <returns>μ.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is smaller than a token.</exception>
    /// <exception cref="InvalidOperationException"><see cref="BaseTokens"/> and <see cref="MaxTokens"/> are equal, so there is no line.</exception>
    public double Mu(SampleShape shape) => Mu(shape.Height / PatchSize * (shape.Width / PatchSize));

    internal double Weight(double mu) => Type switch
    {
        TimeShiftType.Exponential => Math.Exp(mu),
        TimeShiftType.Linear => mu,
        _ => throw new ArgumentOutOfRangeException(nameof(mu), Type, "Unknown type of time shift."),
    };
}
