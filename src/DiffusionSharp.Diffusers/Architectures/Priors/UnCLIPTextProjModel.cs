using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// unCLIP's projection (arXiv:2204.06125, section 2.1): the embeddings of a picture and of a prompt become one vector that joins the decoder's embedded time, and the picture's also
/// tokens before those of the prompt. Inputs and outputs have the names of diffusers' arguments.
/// </summary>
internal static class UnCLIPTextProjModel
{
    private const string Pictures = "batch_size";
    private const string Prompts = "prompts";
    private const int MostTokens = 256;

    /// <summary>Writes the graph.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="isGuided">Whether prompts are twice as many as pictures, the first half of which see a learned embedding in place of a picture's.</param>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config, bool isGuided)
    {
        int embedding = config.Whole("clip_embeddings_dim") ?? 768;
        int extra = config.Whole("clip_extra_context_tokens", 4, MostTokens);
        int channels = Required(config, "cross_attention_dim");
        int timeChannels = Required(config, "time_embed_dim");
        config.RequireNothingElse();

        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value picture = graph.Input("image_embeddings", 1, Pictures, embedding);
        Value prompt = graph.Input("prompt_embeds", 1, Prompts, embedding);
        Value text = graph.Input("text_encoder_hidden_states", 2, Prompts, "sequence_length", embedding);
        if (isGuided)
        {
            picture = Shapes.Concat(0, w.Tensor("learned_classifier_free_guidance_embeddings", embedding).Expand(picture.Shape()), picture);
        }

        Value joined = picture.Linear(w["clip_image_embeddings_project_to_time_embeddings"], timeChannels) + prompt.Linear(w["embedding_proj"], timeChannels);
        Value tokens = picture.Linear(w["clip_extra_context_tokens_proj"], extra * channels).Reshape(0, channels, extra).Transpose(0, 2, 1).WithChannels(channels);
        text = text.Linear(w["encoder_hidden_states_proj"], channels).LayerNorm(w["text_encoder_hidden_states_norm"]);
        graph.Output("text_encoder_hidden_states_out", Shapes.Concat(1, tokens, text), Prompts, "tokens", channels);
        graph.Output("additive_clip_time_embeddings", joined, Prompts, timeChannels);
        return graph.ToSource();
    }

    private static int Required(NetworkConfig config, string key) => config.Whole(key) ?? throw new ModelFormatException(config.Path, $"the key '{key}' is missing.");
}
