using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class DpmSolverSdeRun : TwoCallRun
{
    private readonly BatchPath? _path;

    public DpmSolverSdeRun(DpmSolverSdeOptions options, SamplingPlan plan)
        : base(
            options,
            MidpointGrid.Create(plan, options, static (_, next) => next, roundsKarras: false),
            new StepKernel(plan.Shape, options.Clipping, stochastic: true, hasBase: true))
    {
        if (options.Noise == SdeNoise.BrownianPath)
        {
            // one step alone goes straight to no noise, along no path
            double minimum = Sigmas[^2];
            _path = CallCount == 1 ? null : new BatchPath(plan.Shape, minimum, Sigmas[0], options.NoiseSeed);
        }
    }

    // A step of the equation from x to σ_down, then noise up to its end, here halfway in log σ; the last step goes to x_0.
    protected override StepCoefficients First(int call, double sigma)
    {
        var ancestral = AncestralStep.Between(sigma, Sigmas[call + 1]);
        double kept = ancestral.Down / sigma;
        return ForOriginal(sigma) with { Base = BaseCoefficients.Sample, FromSample = kept, FromModel = 1 - kept, NoiseScale = ancestral.Up };
    }

    // The same from the x that the first half began with to the end of the step, by the x_0 predicted halfway.
    protected override StepCoefficients Second(int call, double sigma)
    {
        double start = Sigmas[call - 1];
        var ancestral = AncestralStep.Between(start, Sigmas[call + 1]);
        double kept = ancestral.Down / start;
        return ForOriginal(sigma) with { Base = BaseCoefficients.Kept, FromBase = kept, FromModel = 1 - kept, NoiseScale = ancestral.Up };
    }

    protected override ReadOnlySpan<float> DrawNoise(int call, INoiseSource noise)
    {
        if (call == CallCount - 1)
        {
            return [];
        }

        int start = call - (call % 2);
        if (_path is null)
        {
            return Kernel.DrawNoise(noise, Sigmas[start], Sigmas[call + 1]);
        }

        // By way of float32 logarithms, as reference implementations: a path is finer than the last digit of a large σ.
        _path.Seed(noise);
        float log = MathF.Log((float)Sigmas[start]);
        float nextLog = MathF.Log((float)Sigmas[start + 2]);
        float endLog = call == start ? log + ((nextLog - log) * 0.5f) : nextLog;
        return Kernel.DrawNoise(_path, MathF.Exp(log), MathF.Exp(endLog));
    }

    public override void Save(BinaryWriter writer)
    {
        base.Save(writer);
        _path?.Save(writer);
    }

    public override void Restore(BinaryReader reader)
    {
        base.Restore(reader);
        _path?.Restore(reader);
    }
}
