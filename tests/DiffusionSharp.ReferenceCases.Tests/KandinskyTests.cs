using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Diffusers;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Kandinsky 2.2: a prior and a decoder in folders of their own, and CLIP's encoder of pictures.</summary>
public sealed class KandinskyTests
{
    [CaseTheory("kandinsky22")]
    [CaseRequests("kandinsky22")]
    public async Task PriorAndDecoder(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        using var pictures = new OnnxImageEncoder(reference.FileAt("prior_pipeline/image_encoder/model.onnx"));
        await Same(reference, pictures, () => CaseRun.Pipeline(reference.FileAt("prior_pipeline")).ToBuilder().Build(), () => CaseRun.Pipeline(reference.FileAt("decoder_pipeline")).ToBuilder().Build(), tolerance);
    }

    [CaseTheory("kandinsky22")]
    [CaseRequests("kandinsky22")]
    public async Task PriorAndDecoder_from_safetensors(string model, string name, double tolerance)
    {
        string Folder(string folder) => WeightFolders.MadeOf(Path.Combine(model, folder));
        using OnnxImageEncoder pictures = DiffusersImageEncoder.Load(Folder("prior_pipeline/image_encoder"));
        await Same(Case.Load(model, name), pictures, () => DiffusersPipeline.Load(Folder("prior_pipeline")), () => DiffusersPipeline.Load(Folder("decoder_pipeline")), tolerance);
    }

    private static async Task Same(Case reference, OnnxImageEncoder pictures, Func<DiffusionPipeline> loadPrior, Func<DiffusionPipeline> loadDecoder, double tolerance)
    {
        if (reference.Text("kind") == "image_embed")
        {
            Comparison.Same(reference.Recorded("intermediate", "image_embeds")!, pictures.Encode(Denormalized(reference.Recorded("intermediate", "pixel_values")!)), tolerance);
            Comparison.Same(reference.Recorded("intermediate", "zero_image_embeds")!, pictures.EncodeNothing(), tolerance);
            return;
        }

        using DiffusionPipeline prior = loadPrior();
        using DiffusionPipeline decoder = loadDecoder();
        var asked = (TextToImageRequest)CaseRun.Filled(reference, new TextToImageRequest(""));
        bool hasNegative = asked.NegativePrompt is not null;

        // With a negative prompt the prior makes its embedding, too, in one batch of one stream of noise.
        using DiffusionPipeline first = hasNegative ? prior.ToBuilder().UseGenerationNoise(seeds => GenerationNoise.OneStream(new TorchCpuNoise(seeds[0]), seeds.Count)).Build() : prior.ToBuilder().Build();
        Cascade cascade = Cascade
            .Start(first, _ =>
            {
                TextToImageRequest prompt = asked with { Scheduler = null, Steps = reference.WholeNumber("prior_steps"), GuidanceScale = (float?)reference.Number("prior_guidance") };
                return hasNegative ? prompt with { Prompts = [asked.Prompt, asked.NegativePrompt!], Count = 2, Seeds = [asked.Seeds![0], asked.Seeds[0]] } : prompt;
            })
            .Then(
                decoder,
                state =>
                {
                    Tensor<float> embeddings = ((EmbeddingSpace)first.LatentSpace).Embeddings(state.Result.Latents);
                    return new GenerationRequest
                    {
                        Count = asked.Count,
                        Seeds = asked.Seeds,
                        Scheduler = asked.Scheduler,
                        Steps = asked.Steps,
                        GuidanceScale = asked.GuidanceScale,
                        Width = asked.Width,
                        Height = asked.Height,
                        Parts = [hasNegative ? new ImageEmbedding(Row(embeddings, 0)) { Negative = Row(embeddings, 1) } : new ImageEmbedding(embeddings) { Negative = pictures.EncodeNothing() }],
                    };
                },
                noise => hasNegative ? new GenerationNoise([noise.Pictures[0]]) : noise);
        GenerationResult result = await cascade.GenerateAsync(asked);
        Comparison.Same(reference.Recorded("intermediate", "image_embeds")!, ((ImageEmbedding)result.Request.Parts[0]).Rows, tolerance);
        Comparison.Same(reference, result, tolerance);
    }

    private static Tensor<float> Row(Tensor<float> rows, int index) => Tensor.Create(rows.Values().Slice(index * (int)rows.Lengths[1], (int)rows.Lengths[1]).ToArray(), [1, rows.Lengths[1]]);

    // From what CLIP is shown back to colors in [-1, 1].
    private static Tensor<float> Denormalized(Tensor<float> pixels)
    {
        (float[] mean, float[] deviation) = ([0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f]);
        int plane = (int)(pixels.Lengths[2] * pixels.Lengths[3]);
        return Tensor.Create([.. pixels.Values().ToArray().Select((value, i) => (2 * ((value * deviation[i / plane % 3]) + mean[i / plane % 3])) - 1)], pixels.Lengths);
    }
}
