namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="ConsistencyScheduler"/>. Symbols are those of arXiv:2303.01469; the defaults are those of its models.</summary>
public sealed record ConsistencyOptions
{
    /// <summary>N, the number of noise levels that the model was trained with, at least 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 2.</exception>
    public int TrainingTimesteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            field = value;
        }
    } = 40;

    /// <summary>The smallest noise level, ε of the paper, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMin { get; init => field = OptionValue.Positive(value); } = 0.002;

    /// <summary>The largest noise level, T of the paper, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMax { get; init => field = OptionValue.Positive(value); } = 80;

    /// <summary>The standard deviation of the data, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaData { get; init => field = OptionValue.Positive(value); } = 0.5;

    /// <summary>ρ of the spacing of noise levels (Karras et al. 2022, arXiv:2206.00364, eq. 5), positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Rho { get; init => field = OptionValue.Positive(value); } = 7;

    /// <summary>The standard deviation of the noise that steps add; a little above 1 makes up for lost detail.</summary>
    public double NoiseScale { get; init; } = 1;

    /// <summary>What is done to the denoised sample. Clamped to [-1, 1] by default.</summary>
    public SampleClipping Clipping { get; init; } = SampleClipping.Clamp();
}
