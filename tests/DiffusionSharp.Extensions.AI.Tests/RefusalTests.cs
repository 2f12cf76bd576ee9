using Microsoft.Extensions.AI;

namespace DiffusionSharp.Extensions.AI.Tests;

/// <summary>What is refused before work starts, and in which words.</summary>
[Collection(EmojiCollection.Name)]
public sealed class RefusalTests(EmojiModel model)
{
    private static readonly DataContent Picture = new(new byte[] { 1, 2, 3 }, "image/png");

    private readonly IImageGenerator _generator = model.Pipeline.AsImageGenerator("emoji");

    [Fact]
    public async Task A_media_type_that_is_not_made() =>
        Assert.Equal("Pictures of the media type 'image/avif' are not made; there are image/png, image/jpeg, image/webp.", (await RefusedAsync<NotSupportedException>(new() { MediaType = "image/avif" })).Message);

    [Fact]
    public async Task Another_model() =>
        Assert.Equal("ModelId is 'dall-e-3', but this generator draws with 'emoji'.", (await RefusedAsync<NotSupportedException>(new() { ModelId = "dall-e-3" })).Message);

    [Theory]
    [InlineData(ImageGenerationResponseFormat.Uri)]
    [InlineData(ImageGenerationResponseFormat.Hosted)]
    public async Task A_response_that_is_no_data(ImageGenerationResponseFormat format) => await RefusedAsync<NotSupportedException>(new() { ResponseFormat = format });

    [Fact]
    public async Task A_mask_without_an_original_image() =>
        Assert.Contains("the request has none", (await RefusedAsync<ArgumentException>(new DiffusionImageOptions { Mask = Picture })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_unknown_sampler() =>
        Assert.Contains("'Eulr'", (await RefusedAsync<ArgumentException>(new DiffusionImageOptions { Scheduler = "Eulr" })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("seed", "many", "The additional property 'Seed' is many, but must be a number (Int64).")]
    [InlineData("steps", 2.5, "The additional property 'Steps' is 2.5, but must be a number (Int32).")]
    [InlineData("mask", "a mask", "The additional property 'Mask' is a mask, but must be a picture: DataContent, bytes or a data URI.")]
    [InlineData("maskChannel", "red", "The additional property 'MaskChannel' is red, but must be one of Brightness, Opacity, Transparency.")]
    [InlineData("progress", 1, "The additional property 'Progress' is 1, but must be an IProgress<GenerationProgress>.")]
    public async Task An_additional_property_of_the_wrong_kind(string name, object value, string message) =>
        Assert.StartsWith(message, (await RefusedAsync<ArgumentException>(new() { AdditionalProperties = new() { [name] = value } })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task No_prompt_for_a_model_that_draws_to_one() => await Assert.ThrowsAsync<ArgumentException>(() => _generator.GenerateAsync(new ImageGenerationRequest()));

    [Fact]
    public async Task More_than_one_original_image() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => _generator.EditImagesAsync([Picture, Picture], "a red apple"));

    [Fact]
    public async Task An_original_image_that_had_to_be_downloaded()
    {
        var request = new ImageGenerationRequest("a red apple", [new UriContent("https://example.org/apple.png", "image/png")]);
        NotSupportedException error = await Assert.ThrowsAsync<NotSupportedException>(() => _generator.GenerateAsync(request));
        Assert.Contains("nothing is downloaded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_original_image_that_is_no_picture() => await Assert.ThrowsAsync<InvalidDataException>(() => _generator.EditImageAsync(Picture, "a red apple"));

    private Task<T> RefusedAsync<T>(ImageGenerationOptions options)
        where T : Exception => Assert.ThrowsAsync<T>(() => _generator.GenerateImagesAsync("a red apple", options));
}
