using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Noise;

/// <summary>Steps that draw from a stream of their own.</summary>
public class StepNoiseTests
{
    [Fact]
    public void Steps_draw_the_whole_batch_at_once_from_the_stream_of_its_seed()
    {
        using DiffusionPipeline pipeline = Toy.PixelBuilder(NoisePredictor.FromFunction(Toy.Predict)).UseScheduler(Toy.Ddpm).Build();
        using DiffusionPipeline byHand = pipeline.ToBuilder()
            .UseGenerationNoise(seeds => new GenerationNoise([.. seeds.Select(seed => new TorchCpuNoise(seed))], new TorchCpuNoise(5)))
            .Build();
        var request = new GenerationRequest { Count = 2, Seed = 1 };
        GenerationResult result = pipeline.Generate(request with { Parts = [new StepNoise(5)] });
        Assert.Equal(byHand.Generate(request).Latents.Values(), result.Latents.Values());
        Assert.NotEqual(pipeline.Generate(request with { Parts = [new StepNoise(5) { DrawsForBothHalves = true }] }).Latents.Values().ToArray(), result.Latents.Values().ToArray());
        Assert.NotEqual(pipeline.Generate(request).Latents.Values().ToArray(), result.Latents.Values().ToArray());
    }

    [Fact]
    public void Draws_for_both_halves_are_the_first_half_of_draws_twice_as_long()
    {
        var whole = new TorchCpuNoise(5);
        INoiseSource halves = new StepNoise(5) { DrawsForBothHalves = true }.Of(new TorchCpuNoise(5));
        for (int draw = 0; draw < 3; draw++)
        {
            (float[] expected, float[] found) = (new float[2 * 48], new float[48]);
            whole.Fill(expected);
            halves.Fill(found);
            Assert.Equal(expected[..48], found);
        }
    }
}
