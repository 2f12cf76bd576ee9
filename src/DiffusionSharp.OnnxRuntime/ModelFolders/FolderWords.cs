using DiffusionSharp.OnnxRuntime.Graphs;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.OnnxRuntime.TextualInversions;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The new words of a folder's text encoders. Their ids follow the vocabulary, as their vectors follow the rows of the encoder's table.</summary>
internal sealed class FolderWords(IReadOnlyList<TextualInversion> inversions)
{
    private readonly ILookup<string, NewWord> _words = inversions.SelectMany(NewWord.Read).ToLookup(word => word.Key, word => word.Value);

    /// <summary>Throws where there are words for an encoder that a model does not have.</summary>
    /// <param name="components">Those that it has.</param>
    public void Check(IEnumerable<string> components)
    {
        if (_words.FirstOrDefault(words => !components.Contains(words.Key)) is { } strange)
        {
            throw new ModelFormatException(strange.First().Vectors.Path, $"has vectors for a '{strange.Key}', which this model does not have: they were made for another model.");
        }
    }

    /// <summary>An encoder's graph and tokenizer with the words that are for it.</summary>
    public (ModelSource Source, ITokenizer Tokenizer) AddTo(string component, ModelSource source, ITokenizer tokenizer)
    {
        NewWord[] words = [.. _words[component]];
        if (words.Length == 0)
        {
            return (source, tokenizer);
        }

        if (tokenizer is not ClipTokenizer clip)
        {
            throw new ModelFormatException(words[0].Vectors.Path, $"new words are CLIP's, but the '{component}' of this model reads with a {tokenizer.GetType().Name}.");
        }

        return (
            source.Changed((model, path) => TokenTable.Extended(model, path, words, clip.VocabularySize)),
            words.Aggregate(clip, (longer, word) => longer.With(word.Token, word.Count)));
    }
}
