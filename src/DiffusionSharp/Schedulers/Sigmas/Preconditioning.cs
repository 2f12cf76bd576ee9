namespace DiffusionSharp.Schedulers;

/// <summary>How a model is asked about a sample <c>x_0 + σ·ε</c>, and which x_0 its output means (Karras et al. 2022, arXiv:2206.00364, section 5).</summary>
internal abstract class Preconditioning
{
    /// <summary>c_in, the scale of the model's input.</summary>
    public abstract double Input(double sigma);

    /// <summary>m is x_0, of the unscaled sample.</summary>
    public abstract StepCoefficients ForOriginal(double sigma);

    /// <summary>The levels of a grid's model calls.</summary>
    public NoiseLevel[] Levels(SigmaGrid grid)
    {
        var levels = new NoiseLevel[grid.Timesteps.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = NoiseLevel.OfSample(grid.Timesteps[i], 1, grid.Sigmas[i], ForOriginal(grid.Sigmas[i]), Input(grid.Sigmas[i]));
        }

        return levels;
    }
}
