using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Snippets;

internal static class LatentSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("latent-space", Space), ("encode-decode", EncodeDecode), ("latent-channels", Channels), ("interpolation", Interpolation), ("own-decoder", OwnDecoder), ("tiled-decoder", Tiled)];

    private static Task Space()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region latent-space
        LatentSpace space = pipeline.LatentSpace;
        Console.WriteLine($"{space.Channels} channels, one latent per {space.DownsamplingFactor}x{space.DownsamplingFactor} pixels, scale {space.Scale}, shift {space.Shift}");

        var stableDiffusion = new LatentSpace { Channels = 4, DownsamplingFactor = 8, Scale = 0.18215f };
        LatentSpace pixels = LatentSpace.Pixels(channels: 3);
        #endregion
        Console.WriteLine($"{stableDiffusion}, {pixels}");
        return Task.CompletedTask;
    }

    private static async Task EncodeDecode()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        Tensor<float> picture = (await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 })).Images[0].Pixels;
        #region encode-decode
        // picture: [1, 3, H, W] in [-1, 1]
        Tensor<float> latents = pipeline.LatentEncoder!.Encode(picture, new TorchCpuNoise(1));
        Tensor<float> again = pipeline.LatentDecoder!.Decode(latents, DecodingContext.None);
        Console.WriteLine($"{picture.ShapeText()} -> {latents.ShapeText()} -> {again.ShapeText()}");
        #endregion
    }

    private static async Task Channels()
    {
        #region latent-channels
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });

        // Latents have about unit variance; a third of them fits [-1, 1], in which pictures are.
        Tensor<float> latents = Tensor.Divide(result.Latents, 3f);
        nint[] oneChannel = [1, 1, latents.Lengths[2], latents.Lengths[3]];
        int length = (int)(latents.FlattenedLength / latents.Lengths[1]);
        var pictures = new List<Image<Rgb24>> { result.Images[0].ToImage() };
        for (int channel = 0; channel < latents.Lengths[1]; channel++)
        {
            using Image<Rgb24> small = Tensor.Create(latents.Values().Slice(channel * length, length).ToArray(), oneChannel).ToImage();
            pictures.Add(small.Upscale(pipeline.LatentSpace.DownsamplingFactor));
        }

        using Image<Rgb24> sheet = ImageGrid.Create(pictures, columns: pictures.Count);
        using Image<Rgb24> large = sheet.Upscale(2);
        large.SaveAsPng("latent-channels.png");
        #endregion
        pictures.ForEach(picture => picture.Dispose());
    }

    private static async Task Interpolation()
    {
        #region interpolation
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        GenerationResult heart = await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Seed = 1 });
        GenerationResult apple = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });

        const int frames = 9;
        var top = new List<Image<Rgb24>>();
        var bottom = new List<Image<Rgb24>>();
        for (int i = 0; i < frames; i++)
        {
            float share = i / (frames - 1f);
            top.Add(Mix(heart.Images[0].Pixels, apple.Images[0].Pixels, share).ToImage());
            bottom.Add(pipeline.LatentDecoder!.Decode(Mix(heart.Latents, apple.Latents, share), DecodingContext.None).ToImage());
        }

        using Image<Rgb24> sheet = ImageGrid.Create([.. top, .. bottom], columns: frames);
        sheet.SaveAsPng("interpolation.png");

        static Tensor<float> Mix(Tensor<float> from, Tensor<float> to, float share) => Tensor.Add<float>(Tensor.Multiply(from, 1 - share), Tensor.Multiply(to, share));
        #endregion
        top.ForEach(picture => picture.Dispose());
        bottom.ForEach(picture => picture.Dispose());
    }

    private static async Task OwnDecoder()
    {
        #region use-own-decoder
        // No network, so no steps: noise and class go straight into the decoder, as in a generative adversarial network.
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseLatentDecoder(new DiscDecoder())
            .UseDefaults(new GenerationDefaults { Width = 64, Height = 64 })
            .Build();
        GenerationResult result = await pipeline.GenerateAsync(new GenerationRequest { Count = 3, ClassLabels = [0, 1, 2], Seed = 1 });
        #endregion
        using Image<Rgb24> sheet = ImageGrid.Create(result.Images, columns: 3);
        sheet.SaveAsPng("discs.png");
    }

    private static async Task Tiled()
    {
        #region tiled-decoder
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        var tiling = new LatentTiling { TileSize = 256, Overlap = 0.25 };
        using DiffusionPipeline inTiles = pipeline.ToBuilder()
            .UseLatentDecoder(new TiledLatentDecoder(pipeline.LatentDecoder!, tiling, leaveOpen: true))
            .UseLatentEncoder(new TiledLatentEncoder(pipeline.LatentEncoder!, tiling, leaveOpen: true))
            .Build();
        #endregion
        GenerationResult result = await inTiles.GenerateAsync(new TextToImageRequest("a red apple") { Width = 512, Height = 512, Steps = 2, Seed = 1 });
        result.Images[0].SaveAsPng("tiles.png");
    }

    #region own-decoder
    /// <summary>A disc on black for each picture: the latent, two numbers, says where, and the class, 0 to 2, which color.</summary>
    private sealed class DiscDecoder : ILatentDecoder
    {
        public LatentSpace LatentSpace { get; } = LatentSpace.Vectors(2);

        public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default)
        {
            (int height, int width) = (context.Request.Height!.Value, context.Request.Width!.Value);
            Tensor<float> classes = context.Conditioning[ConditionNames.ClassLabels]!.Values;
            var pictures = new float[latents.Lengths[0] * 3 * height * width];
            Array.Fill(pictures, -1);
            for (int i = 0; i < latents.Lengths[0]; i++)
            {
                Span<float> color = pictures.AsSpan(((i * 3) + (int)classes[i]) * height * width, height * width);
                for (int place = 0; place < color.Length; place++)
                {
                    double y = (place / width / (height / 6.0)) - 3 - latents[i, 0, 0, 0];
                    double x = (place % width / (width / 6.0)) - 3 - latents[i, 1, 0, 0];
                    color[place] = (y * y) + (x * x) < 1 ? 1 : -1;
                }
            }

            return Tensor.Create(pictures, [latents.Lengths[0], 3, height, width]);
        }
    }
    #endregion
}
