using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class FlowMatchEulerRun : FlowRun
{
    private readonly bool _isStochastic;

    public FlowMatchEulerRun(FlowMatchEulerOptions options, SamplingPlan plan)
        : base(Lay(options, plan), new StepKernel(plan.Shape, SampleClipping.None, options.IsStochastic), options.TrainingTimesteps) => _isStochastic = options.IsStochastic;

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(call);
        double next = Sigmas[call + 1];
        if (_isStochastic)
        {
            double level = ShareOfNoise(next);
            Kernel.Step(ForOriginal(sigma) with { FromModel = 1 - level, NoiseScale = level }, prediction, sample, Kernel.DrawNoise(noise), destination);
        }
        else
        {
            Kernel.Step(ForOriginal(sigma) with { FromSample = 1, FromPrediction = next - sigma }, prediction, sample, [], destination);
        }
    }

    private static SigmaGrid Lay(FlowMatchEulerOptions options, SamplingPlan plan)
    {
        double[] sigmas = FlowGrid.Create(plan, options);
        if (options.InvertsSigmas)
        {
            sigmas = Array.ConvertAll(sigmas, sigma => (double)(1 - (float)sigma));
        }

        double[] timesteps = Array.ConvertAll(sigmas, sigma => sigma * options.TrainingTimesteps);
        return new SigmaGrid(SigmaGrid.RoundToSingle(timesteps), SigmaGrid.Append(sigmas, options.InvertsSigmas ? 1 : 0));
    }
}
