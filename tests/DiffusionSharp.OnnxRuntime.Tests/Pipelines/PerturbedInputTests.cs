using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.OnnxRuntime.Tests.Pipelines;

/// <summary>
/// Perturbed-attention guidance on a graph: a switch among its inputs, here <c>sharpness</c>, which the fixtures add to x/2 + t/1024. The prediction c has it at 0 and
/// the worse one b at 1, so that c + s·(c - b) is c - s.
/// </summary>
public class PerturbedInputTests
{
    private const double Scale = 1.5;

    [Theory]
    [InlineData("number", true)]
    [InlineData("whole-numbers", false)]
    public async Task The_worse_prediction_has_the_switch_on(string model, bool isShared)
    {
        var worse = new GuidanceTerm("perturbed") { Overrides = [Switch(1)] };
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(Fixture.Predictor(model))
            .UseLatentSpace(new LatentSpace { Channels = 4, DownsamplingFactor = 1 })
            .UseScheduler(new DdimScheduler(new DdimOptions { PredictionType = PredictionType.Sample, Clipping = SampleClipping.None }))
            .UseGuidance(new AutoGuidance(new ClassifierFreeGuidance(), worse, Scale))
            .Build();
        var request = new GenerationRequest { Seed = 5, Steps = 4, Width = 6, Height = 4, Conditioning = Conditioning.None.With(Switch(0)) };
        await foreach (DenoisingStep step in pipeline.StreamAsync(request))
        {
            if (step.Index == 0)
            {
                var x = new float[4 * 4 * 6];
                new TorchCpuNoise(5).Fill(x);
                Assertions.Near([.. x.Select(value => (value / 2.0) + (step.Timestep / 1024) - Scale)], step.PredictOriginal().Values(), 1e-5);
            }
        }

        Assert.Equal(8, pipeline.Generate(request).Timings.EvaluationsPerImage);

        ConditionPart Switch(float value) => new("sharpness", Tensor.Create([value], [1])) { IsShared = isShared };
    }
}
