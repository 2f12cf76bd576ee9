using System.Runtime.CompilerServices;
using DiffusionSharp.Emoji.Tests.Support;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>What a generation allocates is its result and a constant, however many steps it has.</summary>
[Collection(AloneCollection.Name)]
public class AllocationTests(EmojiModel model)
{
    [Fact]
    public void Twenty_more_steps_allocate_only_the_longer_list_of_noise_levels()
    {
        // A timestep as an integer, its ᾱ and its noise level; an array is rounded up to 8 bytes.
        long longer = 20 * (sizeof(int) + sizeof(float) + Unsafe.SizeOf<NoiseLevel>());
        Assert.InRange(Allocated(25) - Allocated(5), 0, longer + 24);
    }

    private long Allocated(int steps) =>
        AllocatedBytes.LeastOf(5, () => model.Pipeline.Generate(new TextToImageRequest("a red apple") { Steps = steps, Seed = 1 }));
}
