using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Serialization;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Serialization;

/// <summary>What JSON cannot carry is refused by name, and so is JSON that says nothing whole.</summary>
public class RefusalTests
{
    private static readonly Tensor<float> Row = Tensor.Create([0.1f, 0.2f], [1, 2]);

    private static readonly GenerationRequest Whole = new InpaintingRequest("a \"cat\"", Toy.Picture(2, 2), Row)
    {
        Scheduler = new HalvedSteps(new UniPcScheduler(new UniPcOptions { UncorrectedSteps = [1, 2], Schedule = NoiseSchedule.Linear(20) })),
        Conditioning = Conditioning.Of(("context", Row)),
        Parts = [new Border(2, Row)],
        Seeds = [1, 2],
        Count = 2,
        Sigmas = [2, 0.1],
    };

    [Theory]
    [InlineData("", "$")]
    [InlineData("null", "null is no request")]
    [InlineData("[]", "GenerationRequest")]
    [InlineData("""{"seed": 1""", "'1'")]
    [InlineData("""{"seed": 1} {}""", "after")]
    [InlineData("""{"seed": 1, "seed": 2}""", "'seed'")]
    [InlineData("""{"seeed": 1}""", "'seeed'")]
    [InlineData("""{"seed": 1.5}""", "$.seed")]
    [InlineData("""{"seeds": [1, null]}""", "$.seeds[1]")]
    [InlineData("""{"$type": "VideoRequest"}""", "'VideoRequest'")]
    [InlineData("""{"$type": "TextToImageRequest"}""", "'prompt'")]
    [InlineData("""{"$type": "TextToImageRequest", "prompt": null}""", "'prompt'")]
    [InlineData("""{"$type": "TextToImageRequest", "prompt": "\ud800"}""", "$.prompt")]
    [InlineData("""{"$type": "ImageToImageRequest", "prompt": "a cat"}""", "'initialImage'")]
    [InlineData("""{"conditioning": null}""", "'conditioning'")]
    [InlineData("""{"conditioning": [null]}""", "condition is null")]
    [InlineData("""{"range": {"start": 0.5}}""", "'end'")]
    [InlineData("""{"parts": [{}]}""", "IRequestPart")]
    [InlineData("""{"parts": [{"$type": "TomorrowsPart"}]}""", "'TomorrowsPart'")]
    [InlineData("""{"scheduler": {}}""", "IScheduler")]
    [InlineData("""{"scheduler": {"$type": "MyScheduler"}}""", "'MyScheduler'")]
    [InlineData("""{"scheduler": {"$type": "DdimScheduler", "options": {"eta": 2}}}""", "Eta must be in [0, 1]")]
    [InlineData("""{"scheduler": {"$type": "DdimScheduler", "options": {"churn": 2}}}""", "'churn'")]
    [InlineData("""{"scheduler": {"$type": "DdimScheduler", "options": {"timestepSpacing": "Random"}}}""", "$.scheduler.options.timestepSpacing")]
    [InlineData("""{"scheduler": {"$type": "DdimScheduler", "options": {"timestepSpacing": 7}}}""", "TimestepSpacing is 7")]
    [InlineData("""{"scheduler": {"$type": "DdimScheduler", "options": {"schedule": null}}}""", "'schedule'")]
    [InlineData("""{"scheduler": {"$type": "DdimScheduler", "options": {"schedule": "AAAA"}}}""", "3 bytes")]
    [InlineData("""{"scheduler": {"$type": "DdimScheduler", "options": {"schedule": "AAAAQA=="}}}""", "Beta 0 is 2")]
    [InlineData("""{"scheduler": {"$type": "DdimScheduler", "options": {"clipping": {"$type": "RangeClipping", "range": -1}}}}""", "positive")]
    [InlineData("""{"scheduler": {"$type": "PndmScheduler", "options": {"clipping": {"$type": "RangeClipping", "range": 1}}}}""", "PNDM")]
    [InlineData("""{"scheduler": {"$type": "SaSolverScheduler", "options": {"tau": "t => 1"}}}""", "Tau")]
    [InlineData("""{"mask": {"shape": [1]}}""", "'float32'")]
    [InlineData("""{"mask": {"shape": [1], "float32": "?"}}""", "float32")]
    [InlineData("""{"mask": {"shape": [1, 2], "float32": "AAAAAA=="}}""", "1 values do not make a tensor of the shape [1, 2]")]
    [InlineData("""{"mask": {"shape": [-1, -1], "float32": "AAAAAA=="}}""", "[-1, -1]")]
    [InlineData("""{"mask": {"shape": [], "float32": "AAAAAA=="}}""", "[]")]
    [InlineData("""{"mask": {"shape": [4294967296, 4294967296, 4294967297], "float32": "AAAAAA=="}}""", "[4294967296, 4294967296, 4294967297]")]
    public void JSON_that_is_no_request_is_refused_by_what_is_wrong(string json, string named)
    {
        Assert.Contains(named, Assert.Throws<JsonException>(() => GenerationRequestJson.Default.Deserialize(json)).Message, StringComparison.Ordinal);
        Assert.Contains(named, Assert.Throws<JsonException>(() => GenerationRequestJson.Default.Deserialize(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_conditions_of_one_name_are_refused()
    {
        string json = GenerationRequestJson.Default.Serialize(new GenerationRequest { Conditioning = Conditioning.Of(("a", Row), ("b", Row)) });
        string twice = json.Replace("\"name\":\"b\"", "\"name\":\"a\"", StringComparison.Ordinal);
        Assert.Contains("'a'", Assert.Throws<JsonException>(() => GenerationRequestJson.Default.Deserialize(twice)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_that_are_not_registered_are_refused_by_name()
    {
        AssertRefuses(GenerationRequestJson.Default, new GenerationRequest { Scheduler = new HalvedSteps(new DdimScheduler()) }, nameof(HalvedSteps));
        AssertRefuses(GenerationRequestJson.Default, new GenerationRequest { Parts = [new Border(1, Row)] }, nameof(Border));
        AssertRefuses(GenerationRequestJson.Default.WithPart<Border>(OutsidersContext.Default), new GenerationRequest { Parts = [new Margin()] }, nameof(Margin));
        AssertRefuses(GenerationRequestJson.Default, new FramedRequest("a cat"), nameof(FramedRequest));
    }

    [Fact]
    public void A_function_as_an_option_is_refused_by_name()
    {
        AssertRefuses(GenerationRequestJson.Default, new GenerationRequest { Scheduler = new SaSolverScheduler(new SaSolverOptions { Tau = _ => 1 }) }, "SaSolverOptions.Tau");
    }

    [Fact]
    public void A_name_has_one_type_and_a_type_has_a_contract()
    {
        Assert.Contains(nameof(Border), Assert.Throws<ArgumentException>(() => Outsiders.Json.WithPart<Border>(OutsidersContext.Default)).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Margin), Assert.Throws<ArgumentException>(() => Outsiders.Json.WithPart<Margin>(OutsidersContext.Default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_cut_off_anywhere_is_refused()
    {
        byte[] json = Outsiders.Json.SerializeToUtf8Bytes(Whole);
        for (int length = 0; length < json.Length; length++)
        {
            Assert.Throws<JsonException>(() => Outsiders.Json.Deserialize(json.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Mutated_JSON_is_a_request_or_refused()
    {
        byte[] json = Outsiders.Json.SerializeToUtf8Bytes(Whole);
        string[] words = ["null", "-1", "1e999", "{}", "[]", "\"\"", "\"$type\"", "true", "9223372036854775808", "\"NaN\"", "[[[[", ",", "\"Infinity\""];
        var random = new Random(2026);
        int refused = 0;
        for (int i = 0; i < 5_000; i++)
        {
            List<byte> mutated = [.. json];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                int at = random.Next(mutated.Count);
                int length = Math.Min(random.Next(12), mutated.Count - at);
                switch (random.Next(4))
                {
                    case 0:
                        mutated[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        mutated.RemoveRange(at, length);
                        break;
                    case 2:
                        mutated.InsertRange(random.Next(mutated.Count), mutated.GetRange(at, length));
                        break;
                    default:
                        mutated.RemoveRange(at, length);
                        mutated.InsertRange(at, Encoding.UTF8.GetBytes(words[random.Next(words.Length)]));
                        break;
                }
            }

            try
            {
                Outsiders.Json.Serialize(Outsiders.Json.Deserialize(mutated.ToArray()));
            }
            catch (JsonException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 4_999);
    }

    private static void AssertRefuses(GenerationRequestJson json, GenerationRequest request, string named) =>
        Assert.Contains(named, Assert.Throws<NotSupportedException>(() => json.Serialize(request)).Message, StringComparison.Ordinal);

    private sealed record Margin : IRequestPart;
}
