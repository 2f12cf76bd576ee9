namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="ConsistencyScheduler"/>. Symbols are those of arXiv:2303.01469; the defaults are those of its models.</summary>
public sealed record ConsistencyOptions
{
    private readonly int _trainingTimesteps = 40;
    private readonly double _sigmaMin = 0.002;
    private readonly double _sigmaMax = 80;
    private readonly double _sigmaData = 0.5;
    private readonly double _rho = 7;

    /// <summary>N, the number of noise levels that the model was trained with, at least 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 2.</exception>
    public int TrainingTimesteps
    {
        get => _trainingTimesteps;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            _trainingTimesteps = value;
        }
    }

    /// <summary>The smallest noise level, ε of the paper, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMin
    {
        get => _sigmaMin;
        init => _sigmaMin = OptionValue.Positive(value);
    }

    /// <summary>The largest noise level, T of the paper, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMax
    {
        get => _sigmaMax;
        init => _sigmaMax = OptionValue.Positive(value);
    }

    /// <summary>The standard deviation of the data, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaData
    {
        get => _sigmaData;
        init => _sigmaData = OptionValue.Positive(value);
    }

    /// <summary>ρ of the spacing of noise levels (Karras et al. 2022, arXiv:2206.00364, eq. 5), positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Rho
    {
        get => _rho;
        init => _rho = OptionValue.Positive(value);
    }

    /// <summary>The standard deviation of the noise that steps add; a little above 1 makes up for lost detail.</summary>
    public double NoiseScale { get; init; } = 1;

    /// <summary>What is done to the denoised sample. Clamped to [-1, 1] by default.</summary>
    public SampleClipping Clipping { get; init; } = SampleClipping.Clamp();
}
