using System.Drawing;
using DiffusionSharp.ImageSharp;
using Microsoft.Extensions.AI;

namespace DiffusionSharp.Extensions.AI.Tests;

/// <summary>Pictures of the embedded model through Microsoft.Extensions.AI, beside those that the pipeline makes itself.</summary>
[Collection(EmojiCollection.Name)]
public sealed class GenerationTests(EmojiModel model)
{
    private static readonly DiffusionImageOptions Three = new() { Seed = 7, Steps = 3 };

    private readonly IImageGenerator _generator = model.Pipeline.AsImageGenerator("emoji");

    [Fact]
    public async Task A_prompt_makes_the_pictures_of_the_pipeline()
    {
        ImageGenerationResponse response = await _generator.GenerateImagesAsync("a red apple", new DiffusionImageOptions { Seed = 7, Steps = 3, Count = 2, GuidanceScale = 2, NegativePrompt = "a tree", Scheduler = "Euler" });
        GenerationResult expected = await model.Pipeline.GenerateAsync(new TextToImageRequest("a red apple")
        {
            Seed = 7,
            Steps = 3,
            Count = 2,
            GuidanceScale = 2,
            NegativePrompt = "a tree",
            Scheduler = Schedulers.Samplers.ByName("Euler", ((Schedulers.IDiscreteScheduler)model.Pipeline.Scheduler!).Options),
        });
        Assert.Equal(2, response.Contents.Count);
        Assert.Equal(expected.Images.Select(Png), response.Contents.Cast<DataContent>().Select(content => content.Data.ToArray()));
        DataContent second = Assert.IsType<DataContent>(response.Contents[1]);
        Assert.Equal(("image/png", "8.png"), (second.MediaType, second.Name));
        Assert.Equal((8L, 3, 2f, "Euler"), (second.AdditionalProperties!["seed"], second.AdditionalProperties["steps"], second.AdditionalProperties["guidanceScale"], second.AdditionalProperties["scheduler"]));

        // The file says how it was made, too.
        GenerationParameters parameters = GenerationParameters.Read(new MemoryStream(second.Data.ToArray()))!;
        Assert.Equal((8L, 3), (parameters.Seed, parameters.Steps));
        Assert.Equal(2, Assert.IsType<GenerationResult>(response.RawRepresentation).Images.Count);
    }

    [Fact]
    public async Task Without_a_seed_the_response_says_which_it_was()
    {
        DataContent picture = Only(await _generator.GenerateImagesAsync("a red apple", new DiffusionImageOptions { Steps = 2 }));
        ImageGenerationResponse again = await _generator.GenerateImagesAsync("a red apple", new DiffusionImageOptions { Steps = 2, Seed = (long)picture.AdditionalProperties!["Seed"]! });
        Assert.Equal(picture.Data.ToArray(), Only(again).Data.ToArray());
    }

    [Theory]
    [InlineData(null, "image/png", new byte[] { 0x89, 0x50, 0x4e, 0x47 })]
    [InlineData("image/jpeg", "image/jpeg", new byte[] { 0xff, 0xd8, 0xff })]
    [InlineData("IMAGE/WEBP", "image/webp", new byte[] { 0x52, 0x49, 0x46, 0x46 })]
    public async Task Pictures_have_the_media_type_that_is_asked_for(string? asked, string expected, byte[] signature)
    {
        DataContent picture = Only(await _generator.GenerateImagesAsync("a red apple", new DiffusionImageOptions { Steps = 1, MediaType = asked }));
        Assert.Equal(expected, picture.MediaType);
        Assert.Equal(signature, picture.Data[..signature.Length].ToArray());
    }

    [Theory]
    [InlineData(70, 90)]
    [InlineData(96, 64)]
    [InlineData(1, 64)]
    public async Task The_closest_size_that_there_is_is_used(int width, int height)
    {
        ImageGenerationResponse response = await _generator.GenerateImagesAsync("a red apple", new DiffusionImageOptions { Steps = 1, ImageSize = new Size(width, height) });
        GeneratedImage image = Assert.IsType<GeneratedImage>(Only(response).RawRepresentation);
        Assert.Equal((Closest(width), Closest(height)), ((int)image.Pixels.Lengths[3], (int)image.Pixels.Lengths[2]));

        int Closest(int side) => Enumerable.Range(1, 100).Select(i => i * model.Pipeline.SizeMultiple).MinBy(size => Math.Abs(size - side));
    }

    [Fact]
    public async Task An_original_image_is_drawn_anew()
    {
        DataContent apple = Only(await _generator.GenerateImagesAsync("a red apple", Three));
        DataContent edited = Only(await _generator.EditImageAsync(apple, "a green apple", new DiffusionImageOptions { Seed = 1, Steps = 4, Strength = 0.5 }));
        GenerationResult expected = await model.Pipeline.GenerateAsync(new ImageToImageRequest("a green apple", ImageTensors.Load(new MemoryStream(apple.Data.ToArray()), ImageFit.Exactly(128, 128))) { Seed = 1, Steps = 4, Strength = 0.5 });
        Assert.Equal(Png(expected.Images[0]), edited.Data.ToArray());
    }

    [Theory]
    [InlineData(MaskChannel.Brightness)]
    [InlineData(MaskChannel.Transparency)]
    public async Task A_mask_keeps_the_rest_of_the_original_image(MaskChannel channel)
    {
        DataContent apple = Only(await _generator.GenerateImagesAsync("a red apple", Three));
        var mask = new DataContent(HalfMask(channel), "image/png");
        DataContent edited = Only(await _generator.EditImageAsync(apple, "a green apple", new DiffusionImageOptions { Seed = 1, Steps = 3, Mask = mask, MaskChannel = channel }));
        GenerationResult expected = await model.Pipeline.GenerateAsync(new InpaintingRequest(
            "a green apple",
            ImageTensors.Load(new MemoryStream(apple.Data.ToArray()), ImageFit.Exactly(128, 128)),
            ImageTensors.LoadMask(new MemoryStream(mask.Data.ToArray()), 128, 128, channel: channel))
        { Seed = 1, Steps = 3 });
        Assert.Equal(1, expected.Request.Strength);
        Assert.Equal(Png(expected.Images[0]), edited.Data.ToArray());
    }

    [Fact]
    public async Task Progress_is_told_and_a_cancelled_request_stops()
    {
        var steps = new List<int>();
        using CancellationTokenSource stop = new();
        var options = new DiffusionImageOptions
        {
            Steps = 20,
            Progress = new Steps(progress =>
            {
                steps.Add(progress.Step);
                if (progress.Step == 2)
                {
                    stop.Cancel();
                }
            }),
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _generator.GenerateImagesAsync("a red apple", options, stop.Token));
        Assert.Equal([1, 2], steps);
    }

    [Fact]
    public async Task A_request_of_the_library_is_taken_as_it_is_and_options_fill_in_the_rest()
    {
        ImageGenerationResponse response = await _generator.GenerateAsync(new ImageGenerationRequest("not this one"), new DiffusionImageOptions
        {
            Seed = 5,
            Steps = 9,
            RawRepresentationFactory = _ => new TextToImageRequest("a red heart") { Steps = 2 },
        });
        GenerationRequest request = Assert.IsType<GenerationResult>(response.RawRepresentation).Request;
        Assert.Equal(("a red heart", 2, 5L), (Assert.IsType<TextToImageRequest>(request).Prompt, request.Steps, request.Seed));
    }

    private static DataContent Only(ImageGenerationResponse response) => Assert.IsType<DataContent>(Assert.Single(response.Contents));

    private static byte[] Png(GeneratedImage image)
    {
        using var file = new MemoryStream();
        image.SaveAsPng(file);
        return file.ToArray();
    }

    // The left half is to be drawn anew.
    private static byte[] HalfMask(MaskChannel channel)
    {
        using var mask = new SixLabors.ImageSharp.Image<SixLabors.ImageSharp.PixelFormats.Rgba32>(128, 128);
        for (int y = 0; y < 128; y++)
        {
            for (int x = 0; x < 128; x++)
            {
                byte drawn = (byte)(x < 64 ? 255 : 0);
                mask[x, y] = channel == MaskChannel.Brightness ? new(drawn, drawn, drawn, 255) : new(0, 0, 0, (byte)(255 - drawn));
            }
        }

        using var file = new MemoryStream();
        mask.Save(file, new SixLabors.ImageSharp.Formats.Png.PngEncoder());
        return file.ToArray();
    }

    private sealed class Steps(Action<GenerationProgress> report) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) => report(value);
    }
}
