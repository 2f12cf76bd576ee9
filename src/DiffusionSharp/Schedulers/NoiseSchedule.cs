using System.Text.Json.Serialization;
using DiffusionSharp.Serialization;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// The forward process of a diffusion model: how much noise each training timestep adds (Ho et al. 2020, arXiv:2006.11239, eq. 2 to 4).
/// Immutable. Values are kept in float32 as training code keeps them, so that samples agree with it.
/// </summary>
[JsonConverter(typeof(NoiseScheduleConverter))]
public sealed partial class NoiseSchedule
{
    private readonly float[] _betas;
    private readonly float[] _alphaBar;

    private NoiseSchedule(float[] betas)
    {
        _betas = betas;
        _alphaBar = CumulativeProduct(betas);
        if (_alphaBar[0] == 1)
        {
            throw new ArgumentException($"The first beta is {betas[0]}, so timestep 0 would add no noise that float32 can tell from none: it must be larger.", nameof(betas));
        }
    }

    /// <summary>Number of timesteps N; timesteps are 0 to N - 1.</summary>
    public int TrainingTimesteps => _betas.Length;

    /// <summary>β_t, the variance that timestep t adds.</summary>
    public ReadOnlySpan<float> Betas => _betas;

    /// <summary>ᾱ_t, the product of 1 - β over the timesteps up to t: the share of the signal's variance that is left.</summary>
    public ReadOnlySpan<float> AlphaBar => _alphaBar;

    /// <summary>The forward process in closed form, q(x_t | x_0): <c>x_t = sqrt(ᾱ_t)·x_0 + sqrt(1-ᾱ_t)·ε</c> (eq. 4).</summary>
    /// <param name="original">The clean sample x_0.</param>
    /// <param name="noise">Unit noise ε, of the same length.</param>
    /// <param name="timestep">t in [0, N - 1].</param>
    /// <param name="destination">Receives x_t; may be one of the inputs.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timestep"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void AddNoise(ReadOnlySpan<float> original, ReadOnlySpan<float> noise, int timestep, Span<float> destination)
    {
        float alphaBar = At(timestep);
        LinearCombination.Compute(MathF.Sqrt(alphaBar), original, MathF.Sqrt(1 - alphaBar), noise, destination);
    }

    /// <summary>One step of the forward process, q(x_t | x_{t-1}): <c>x_t = sqrt(1-β_t)·x_{t-1} + sqrt(β_t)·ε</c> (eq. 2).</summary>
    /// <param name="previous">The sample x_{t-1}; for t = 0 the clean sample.</param>
    /// <param name="noise">Unit noise ε, of the same length.</param>
    /// <param name="timestep">t in [0, N - 1].</param>
    /// <param name="destination">Receives x_t; may be one of the inputs.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timestep"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void AddNoiseStep(ReadOnlySpan<float> previous, ReadOnlySpan<float> noise, int timestep, Span<float> destination)
    {
        At(timestep);
        float beta = _betas[timestep];
        LinearCombination.Compute(MathF.Sqrt(1 - beta), previous, MathF.Sqrt(beta), noise, destination);
    }

    /// <summary>The velocity that a v-prediction model learns: <c>v = sqrt(ᾱ_t)·ε - sqrt(1-ᾱ_t)·x_0</c> (arXiv:2202.00512, appendix D).</summary>
    /// <param name="original">The clean sample x_0.</param>
    /// <param name="noise">Unit noise ε, of the same length.</param>
    /// <param name="timestep">t in [0, N - 1].</param>
    /// <param name="destination">Receives v; may be one of the inputs.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timestep"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void Velocity(ReadOnlySpan<float> original, ReadOnlySpan<float> noise, int timestep, Span<float> destination)
    {
        float alphaBar = At(timestep);
        LinearCombination.Compute(-MathF.Sqrt(1 - alphaBar), original, MathF.Sqrt(alphaBar), noise, destination);
    }

    private float At(int timestep)
    {
        if ((uint)timestep >= (uint)_alphaBar.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(timestep), timestep, $"A timestep of this schedule is in [0, {_alphaBar.Length - 1}].");
        }

        return _alphaBar[timestep];
    }

    // float32 entries of a double accumulation, as PyTorch's cumprod rounds them on the CPU.
    private static float[] CumulativeProduct(ReadOnlySpan<float> betas)
    {
        var products = new float[betas.Length];
        double product = 1;
        for (int t = 0; t < betas.Length; t++)
        {
            product *= 1 - betas[t];
            products[t] = (float)product;
        }

        return products;
    }
}
