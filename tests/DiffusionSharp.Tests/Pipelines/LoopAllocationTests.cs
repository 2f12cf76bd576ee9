using System.Runtime.CompilerServices;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>The whole loop, with its guidance, its noise and its progress, does not feed the garbage collector.</summary>
[Collection(AloneCollection.Name)]
public class LoopAllocationTests
{
    private static readonly int BytesPerStep = sizeof(int) + sizeof(float) + Unsafe.SizeOf<NoiseLevel>();

    [Theory]
    [InlineData("DDIM", 1f)]
    [InlineData("DDIM", 5f)]
    [InlineData("DDPM", 1f)]
    [InlineData("DDPM", 5f)]
    public void A_generation_of_twice_the_steps_allocates_only_the_longer_list_of_noise_levels(string name, float scale)
    {
        using DiffusionPipeline pipeline = Toy.Builder(NoisePredictor.FromFunction(Toy.Predict)).UseScheduler(name == "DDIM" ? Toy.Ddim : Toy.Ddpm).Build();
        long Allocated(int steps)
        {
            var request = new TextToImageRequest("a cat") { Steps = steps, Seed = 1, GuidanceScale = scale };
            var progress = new LastReport();
            long allocated = AllocatedBytes.LeastOf(5, () => pipeline.Generate(request, progress));
            Assert.Equal(steps, progress.Last.Step);
            return allocated;
        }

        // A timestep as an integer, its ᾱ and its noise level; an array is rounded up to 8 bytes.
        Assert.InRange(Allocated(400) - Allocated(200), 0, (200 * BytesPerStep) + 24);
    }

    [Theory]
    [InlineData("DDIM")]
    [InlineData("DDPM")]
    [InlineData("RePaint")]
    public void Inpainting_in_twice_the_steps_allocates_only_the_longer_list_of_noise_levels(string name)
    {
        using DiffusionPipeline pipeline = Toy.Builder(NoisePredictor.FromFunction(Toy.Predict))
            .UseScheduler(name switch
            {
                "DDIM" => Toy.Ddim,
                "DDPM" => Toy.Ddpm,
                _ => new RePaintScheduler(Toy.Ddim.Options.For<RePaintOptions>() with { Eta = 1, JumpSamples = 1 }),
            })
            .Build();
        long Allocated(int steps) => AllocatedBytes.LeastOf(5, () => pipeline.Generate(new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf) { Steps = steps, Seed = 1 }));

        // RePaint also keeps its jumps, and lays its course out in lists that grow by doubling.
        long longer = 200 * (BytesPerStep + (name == "RePaint" ? 8 * sizeof(int) : 0));
        Assert.InRange(Allocated(400) - Allocated(200), 0, longer + 64);
    }

    private sealed class LastReport : IProgress<GenerationProgress>
    {
        public GenerationProgress Last { get; private set; }

        public void Report(GenerationProgress value) => Last = value;
    }
}
