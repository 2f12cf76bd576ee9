using System.Numerics.Tensors;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Snippets;

internal static class ImageSnippets
{
    public static (string, Func<Task>)[] All { get; } =
    [
        ("save", Save), ("save-async", () => SaveToStream(new MemoryStream())), ("limits", Limits), ("parameters", Parameters), ("upscale", Upscale), ("grid", Grid), ("gallery", Gallery),
        ("image-to-image", ImageToImage), ("masks", Masks),
    ];

    private static async Task Save()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        #region save
        GeneratedImage image = result.Images[0];
        image.SaveAsPng("apple.png");                // all with their parameters
        image.SaveAsJpeg("apple.jpg", quality: 95);
        image.SaveAsWebp("apple.webp");
        await image.SaveAsync("copy.png");           // by extension: .png, .jpg, .jpeg, .webp

        using Image<Rgb24> picture = image.ToImage();  // for everything else that ImageSharp can do
        #endregion
    }

    private static async Task SaveToStream(Stream body, CancellationToken cancellationToken = default)
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        GeneratedImage image = (await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 }, null, cancellationToken)).Images[0];
        #region save-async
        await image.SaveAsWebpAsync(body, quality: 80, cancellationToken);
        #endregion
    }

    private static async Task Limits()
    {
        using var upload = new MemoryStream();
        await SaveToStream(upload);
        upload.Position = 0;
        CancellationToken cancellationToken = CancellationToken.None;
        #region limits
        var limits = new ImageLimits { MaxPixels = 4_000_000, MaxBytes = 8_000_000 };
        Tensor<float> picture = await ImageTensors.LoadAsync(upload, ImageFit.Exactly(512, 512), limits, cancellationToken);
        #endregion
        Console.WriteLine(picture.ShapeText());
    }

    private static async Task Parameters()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        (await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 })).Images[0].SaveAsPng("apple.png");
        #region parameters
        GenerationParameters? parameters = GenerationParameters.Read("apple.png");
        if (parameters is not null)
        {
            Console.WriteLine(parameters);
            var again = new TextToImageRequest(parameters.Prompt) { Seed = parameters.Seed, Steps = parameters.Steps, GuidanceScale = parameters.GuidanceScale };
        }
        #endregion
    }

    private static async Task Upscale()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region upscale
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        using Image<Rgb24> small = result.Images[0].ToImage();
        using Image<Rgb24> large = small.Upscale(3);
        large.SaveAsPng("apple-large.png");
        #endregion
    }

    private static async Task Grid()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region grid
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Count = 6, Seed = 1 });
        using Image<Rgb24> sheet = ImageGrid.Create(result.Images, columns: 3, gap: 2);
        sheet.SaveAsPng("hearts.png");
        #endregion
    }

    // The picture of the README: prompts and seeds that this small model draws well.
    private static async Task Gallery()
    {
        (string Prompt, long Seed)[] chosen =
        [
            ("a red apple", 1), ("a red heart", 1), ("a taxi on a yellow background", 4), ("crescent moon on a black background", 1),
            ("smiling face with sunglasses", 2), ("dog face", 3), ("a red apple left of a green apple", 2), ("pixel art of a cat face", 2),
            ("a silhouette of a horse on an orange background", 2), ("a panda and a pizza", 1), ("a rocket on a blue background", 2),
            ("a fire engine", 3),
        ];
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        var pictures = new List<GeneratedImage>();
        foreach ((string prompt, long seed) in chosen)
        {
            pictures.AddRange((await pipeline.GenerateAsync(new TextToImageRequest(prompt) { Seed = seed })).Images);
        }

        using Image<Rgb24> sheet = ImageGrid.Create(pictures, columns: 6, gap: 2);
        using Image<Rgb24> large = sheet.Upscale(2);
        large.SaveAsPng("gallery.png");
    }

    private static async Task ImageToImage()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        (await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Seed = 1 })).Images[0].SaveAsPng("photo.png");
        #region image-to-image
        Tensor<float> start = ImageTensors.Load("photo.png", ImageFit.ToMultipleOf(pipeline.SizeMultiple));
        var request = new ImageToImageRequest("grinning face on a blue background", start) { Strength = 0.7, Seed = 1 };
        GenerationResult result = await pipeline.GenerateAsync(request);
        #endregion
        result.Images[0].SaveAsPng("image-to-image.png");
    }

    private static async Task Masks()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        (await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Seed = 1 })).Images[0].SaveAsPng("mask.png");
        #region masks
        Tensor<float> mask = ImageTensors.LoadMask("mask.png", width: 128, height: 128);                                          // white repaints
        Tensor<float> erased = ImageTensors.LoadMask("mask.png", width: 128, height: 128, channel: MaskChannel.Transparency);   // erased parts repaint
        #endregion
        Console.WriteLine($"{mask.ShapeText()} {erased.ShapeText()}");
    }
}
