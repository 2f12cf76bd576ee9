using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;

using var pipeline = EmojiPipeline.Load();
GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Steps = 4, Seed = 1 });
result.Images[0].SaveAsPng(args[0]);
