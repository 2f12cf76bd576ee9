using DiffusionSharp.Emoji.Tests.Support;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>What a generation allocates is its result and a constant, however many steps it has.</summary>
[Collection(AloneCollection.Name)]
public class AllocationTests(EmojiModel model)
{
    [Fact]
    public void Twenty_more_steps_allocate_only_the_longer_list_of_timesteps()
    {
        // A timestep as an integer and as a number; an array is rounded up to 8 bytes.
        const long Longer = 20 * (sizeof(int) + sizeof(double));
        Assert.InRange(Allocated(25) - Allocated(5), 0, Longer + 16);
    }

    private long Allocated(int steps) =>
        AllocatedBytes.LeastOf(5, () => model.Pipeline.Generate(new TextToImageRequest("a red apple") { Steps = steps, Seed = 1 }));
}
