using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>The whole loop, with its guidance, its noise and its progress, does not feed the garbage collector.</summary>
public class LoopAllocationTests
{
    [Theory]
    [InlineData("DDIM", 1f)]
    [InlineData("DDIM", 5f)]
    [InlineData("DDPM", 1f)]
    [InlineData("DDPM", 5f)]
    public void A_generation_of_twice_the_steps_allocates_only_the_longer_list_of_timesteps(string name, float scale)
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

        // A timestep as an integer and as a number; an array is rounded up to 8 bytes.
        const long Longer = 200 * (sizeof(int) + sizeof(double));
        Assert.InRange(Allocated(400) - Allocated(200), 0, Longer + 16);
    }

    private sealed class LastReport : IProgress<GenerationProgress>
    {
        public GenerationProgress Last { get; private set; }

        public void Report(GenerationProgress value) => Last = value;
    }
}
