namespace VerseEtl.Transform.Kernels;

internal static partial class MarchingCubes
{
    // printed by tests/VerseEtl.Transform.Tests/Kernels/marching_cubes.py, which says how to read it
    private const string Table = """
        0 1eai 1afj 6iejjef 1kbe 6kbiiba 10bfkfjkaekakj 17fjbjkbjik 1blf 10falailebleli 6jallab 17blelielji 6ekffkl 17aifilfikl 17ekakjaklj 24kjiklj
        1cgi 6eaggac 10jcfcgfiafifg 17cgjgfjgef 10eibicbgkbgbc 17kbgbcgbac 3bfajafajcacigicigekegekbeba 24bfjbjckbcgkc 2cgilfb 27ebglgbglcfclcfa
        27jclglclgbibgbia 24ljcelcgecleb 27eifcfifclglclgk 24klglagacglfa 30aeikcgckjljk 31jcgkjgljk 1jhc 10ajejhecieceh 6afccfh 17iecehcefh 2jhcbek
        27kcickhbhkhbjajb 27hbfbhkckhkceaec 24fhckfcikcbfk 10lhbhcbjfbjbc 3aebeaiciajcacjhfhjhflblfabf 17hclcblcab 24bleelilhihci 27ejfjeckceckhlhk
        30jfahclilclik 24cahakhklhkae 31lhcilckli 6jhiihg 17jhaheahge 17afifgifhg 24ehgfhe 27gkhbhkhbjejbjei 24hgkahkbakhaj 30eiakbgfgbgfh
        31gkbfgbhgf 27glhlgbibgbifjfi 30ajfhblbhegeh 24abibhihgiblh 31eblhelgeh 36gkhlhkjeiejf 29lmkmfkakfkagjgagjmmhglhmmjf
        29lmklemelahalahimihhgmmgkeim 42lhglgk 1dkg 10kedeadigdida 2dkgfja 27igjdjgjdfkfdfke 6gdeedb 17gdidaidba 27gaeagjdjgjdfbfd 24dbgbjgjigjbf
        10bkfkgfdlfdfg 3dlbfblbfabaeieaeikgkikgdkdb 27jdldjgagjgakbka 30kebgdilidilj 17lfdfgdfeg 24lfddfgfagaig 24egaglaljagdl 31igdlidjil 6dkccki
        17eakadkacd 27iakfkakfdjdfdjc 24cdkfckefkjcf 17icecbecdb 24dacbad 30aeifjbcbjbcd 31bfjcbjdbc 27ibkbifcfifcldlc 30bkelfdadfdac 36biaibkjcldlc
        29jmljbmbjecejeckmkccdmmdlbkm 24feidficdifdl 31dlfadfcda 29jmlmalelaledidedimmcdjcmmia 42jcdjdl 10hdjdkjgcjgjk 3ajchcjchdcdgkgdgkieikieaiac
        27hdfkfdfkagakagc 30cigedkdehfhe 27gcejecejbhbjbhd 30cigjhadahadb 36hdfbfdagcgae 29hmfmcfifcfibgbibgmmdbhdmmgc 3dgcgdkbkdlbdblfhflfhjcjhdch
        44ajfkebcigdlh 30lhdckgkcbabc 45dlhbkecig 30dlhfcjcfgegf 45igclhdjfa 29gmemdeledelahalahmmcagcmmhd 46cighdl 17dkhkjhkij 24hdkhkejheaje
        24kiahkafhakhd 31hdkehkfhe 24ijhbihdbheib 31ajhdahbad 29hmfhamahidihidemeddbmmbfaem 42hdbhbf 30lhdfbjkjbjki 45kebjfalhd
        29imkidmdihahihalmlaabmmbkdlm 46kebdlh 29jmimhidihideledelmmfejfmmlh 46hdljfa 46iaehdl 47lhd 1hld 2eaildh 10flaldahjahad 27ihjhidedidelfle
        10lbhbehkdhkhe 27kdihidihalahalb 3bkdkbeaebfabafjljfjlhdhlbdl 30bfljdhdjkikj 6dhbbhf 27fahihahidedideb 17jahadhabd 24jihibhbdhieb 17dhkhekhfe
        24ikakhahfahkd 24dhkkhehjejae 31kdhjkhikj 10dglgillichlc 27edgdelalelahcha 3ciaicgdgchdcdhljlhljfafjcaj 30hjcldfgfdfge
        3chdldhdlbdbkekbkegigegicgcd 30dgkhlcbclcba 44bflgkdaeichj 45gkdflbhjc 27fchcfibifibgdgb 36fchcfadgbebg 30hjcagigadbda
        29emgecmcejbjejbhmhbbdmmdgchm 30gkdicehecehf 29fmhfdmdfkakfkagmgaacmmchdgm 45chjdgkaei 46gkdchj 6cjddjl 27lajaledeledicid 17ldfdafdca
        24efifdidcidfl 27lbjejbjeckceckd 36cidkdilajalb 30flbdekedacad 29kmimbifibifclcfclmmdckdmmlb 17fbjbcjbdc 30jfabieibcdcb 24adcabd 31ciebcedcb
        24dckcfkfekcjf 29kmikamakfdfkfdjmjddcmmciajm 31aekdakcad 42kdckci 17gidildijl 24gealgajladgl 24fldfdgafgiag 31fldgfdefg 30dgkibebiljli
        29lmjmdjgjdjgakagakmmbalbmmkd 45bflaeidgk 46dgklbf 24bdgjbgijgbjf 29emgmagjgagjdfdjdfmmbdebmmfa 31dgiadibda 42dgedeb
        29jmijgmgjdfdjdfkmkffemmeigkm 46gkdajf 46iaegkd 47kdg 6hlgglk 27kelalelahihahig 27kflfkagakagjhjg 36fkekfligjhjg 17belehlegh 24baihbighilbh
        30flbjahehaheg 29hmgmlgbglgbifibifmmjihjmmfl 17kgbgfbghf 30bkegaiagfhfg 24ghkhakabkahj 29hmghkmkhbjbhbjemejjimmigkem 24heghfe 31faigfihfg
        31hjaehaghe 42hjihig 17hlcliclki 24achkahlkhake 30chjlafalikil 29fmemjecejeckhkckhmmlkflmmhj 24lbeleihlichi 31chlbclacb 45eiahjcflb 46jchflb
        24hfcfkckicfbk 29fmhmbhkhbhkceckcemmacfammeb 29imkmckhkckhbjbhbjmmabiammjc 46chjkeb 31eichecfeh 42facfch 46chjiae 47hjc 17cjgjkgjlk
        30igceakjkakjl 24lkgalgcagfla 29fmefimifclcfclgmgllkmmkeigm 24jlclecegcelb 29lmjlcmclgbglgbimibbammajcim 29gmegbmbglclglcfmfccammaebfm
        46igcbfl 24fbjjbcbkckgc 45ajfcigbke 31bkgcbgabc 46gcikeb 31gcjfgjegf 46igcajf 42aegagc 47gci 24jkilkj 31keajkalkj 31iaflifkil 42kefkfl
        31lbeilejli 42ajlalb 46eiabfl 47lbf 31jfbkjbijk 46ajfebk 42bkibia 47bke 42eijejf 47faj 47aei 48
        """;
}
