using System.Numerics.Tensors;
using DiffusionSharp.Emoji.Tests.Support;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>From a red heart, as Noto Color Emoji draws it, to something else.</summary>
[Collection(EmojiCollection.Name)]
public class ImageToImageTests(EmojiModel model)
{
    [Fact]
    public void The_autoencoder_keeps_a_picture_as_well_as_its_model_card_says()
    {
        Tensor<float> picture = Reference.RedHeart();
        Tensor<float> latent = model.Pipeline.LatentEncoder!.Encode(picture, new TorchCpuNoise(0UL));
        Assert.Equal([1, 8, 16, 16], latent.Lengths.ToArray());

        // The scaling factor brings latents to unit variance over the training pictures; this is one of them.
        Assert.Equal(1, TensorPrimitives.StdDev(latent.Values()), 0.5);

        // 28.5 dB on average.
        Assert.True(Psnr.Between(picture, model.Pipeline.LatentDecoder!.Decode(latent)) > 28);
    }

    [Fact]
    public void The_stronger_the_less_of_the_picture_is_kept()
    {
        Tensor<float> picture = Reference.RedHeart();
        double nothing = Kept(picture, strength: 0);
        double little = Kept(picture, strength: 0.2);
        double most = Kept(picture, strength: 0.6);

        // Nothing redrawn leaves the autoencoder alone. Then at least 3 dB each time, twice the error, more than the luck of a seed.
        Assert.True(nothing > 28 && little < nothing - 3 && most < little - 3, $"{nothing} dB, {little} dB, {most} dB");
    }

    [Fact]
    public void The_prompt_takes_over()
    {
        GenerationResult result = model.Pipeline.Generate(new ImageToImageRequest("a blue heart", Reference.RedHeart()) { Strength = 0.9, Steps = 20, Seed = 0, Count = 2 });
        Assert.Equal("blue heart", Reference.ByDistance(result.Images)[0].Name);
    }

    // A prompt that names an emoji decides the picture at once; this one leaves much to the picture.
    private double Kept(Tensor<float> picture, double strength)
    {
        GenerationResult result = model.Pipeline.Generate(new ImageToImageRequest("fruit", picture) { Strength = strength, Steps = 20, Seed = 0, Count = 2 });
        return result.Images.Average(image => Psnr.Between(picture, image.Pixels));
    }
}
